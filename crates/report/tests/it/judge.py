"""Judges bills of materials by the schemas and libraries of those who specify them.

usage: judge.py cyclonedx-xml SCHEMA_DIR FILE...
       judge.py spdx2 FILE...
       judge.py spdx3 FILE...

Prints what is wrong, a line each, and nothing where all is well.
"""

import sys


def cyclonedx_xml(schemas, files):
    from lxml import etree

    class Near(etree.Resolver):
        def resolve(self, url, public_id, context):
            name = url.rsplit("/", 1)[-1]
            if name.startswith("spdx"):
                return self.resolve_filename(f"{schemas}/spdx.SNAPSHOT.xsd", context)
            return None

    known = {}
    for file in files:
        parser = etree.XMLParser(no_network=True)
        parser.resolvers.add(Near())
        tree = etree.parse(file)
        version = tree.getroot().tag.split("}")[0].rsplit("/", 1)[-1]
        if version not in known:
            schema = etree.parse(f"{schemas}/bom-{version}.SNAPSHOT.xsd", parser)
            known[version] = etree.XMLSchema(schema)
        if not known[version].validate(tree):
            for error in known[version].error_log:
                print(f"{file}: {error.message}")


def spdx2(files):
    from spdx_tools.spdx.parser.parse_anything import parse_file
    from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

    for file in files:
        try:
            document = parse_file(file)
        except Exception as error:
            print(f"{file}: {error} {getattr(error, 'get_messages', list)()}")
            continue
        for message in validate_full_spdx_document(document):
            print(f"{file}: {message.validation_message}")


def spdx3(files):
    from spdx_python_model import v3_0_1 as spdx

    for file in files:
        objects = spdx.SHACLObjectSet()
        try:
            with open(file, "rb") as stream:
                spdx.JSONLDDeserializer().read(stream, objects)
            # Writing it again checks that every required field is there.
            with open(f"{file}.again", "wb") as stream:
                spdx.JSONLDSerializer().write(objects, stream)
        except Exception as error:
            print(f"{file}: {error}")
            continue
        for missing in objects.missing_ids:
            if not missing.startswith("https://spdx.org/"):
                print(f"{file}: nothing is called {missing}")


if __name__ == "__main__":
    how = sys.argv[1]
    if how == "cyclonedx-xml":
        cyclonedx_xml(sys.argv[2], sys.argv[3:])
    else:
        {"spdx2": spdx2, "spdx3": spdx3}[how](sys.argv[2:])
