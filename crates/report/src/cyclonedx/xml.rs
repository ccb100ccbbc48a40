//! The document as XML: the same statements in the order of elements that the XML schemas ask for.

use serde_json::Value;

use crate::safe::Element;

/// The document of a version.
pub(super) fn document(bom: &Value, version: &str) -> Element {
    let metadata = &bom["metadata"];
    Element::new("bom")
        .with(
            "xmlns",
            &format!("http://cyclonedx.org/schema/bom/{version}"),
        )
        .with("serialNumber", text(&bom["serialNumber"]))
        .with("version", "1")
        .holding(
            Element::new("metadata")
                .saying("timestamp", &metadata["timestamp"])
                .list("lifecycles", &metadata["lifecycles"], |one| {
                    Element::new("lifecycle").saying("phase", &one["phase"])
                })
                .holding(tools(&metadata["tools"]))
                .holding(component(&metadata["component"]))
                .list("properties", &metadata["properties"], property),
        )
        .list("components", &bom["components"], component)
        .list("dependencies", &bom["dependencies"], dependency)
        .list("vulnerabilities", &bom["vulnerabilities"], vulnerability)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn tools(tools: &Value) -> Element {
    let out = Element::new("tools");
    match tools {
        Value::Array(list) => list.iter().fold(out, |out, tool| {
            let tool = Element::new("tool")
                .saying("name", &tool["name"])
                .saying("version", &tool["version"]);
            out.holding(tool)
        }),
        _ => out.list("components", &tools["components"], component),
    }
}

fn component(value: &Value) -> Element {
    let mut out = Element::new("component").with("type", text(&value["type"]));
    if let Some(reference) = value["bom-ref"].as_str() {
        out = out.with("bom-ref", reference);
    }
    if value["supplier"].is_object() {
        let name = &value["supplier"]["name"];
        out = out.holding(Element::new("supplier").saying("name", name));
    }
    for key in [
        "publisher",
        "group",
        "name",
        "version",
        "description",
        "scope",
    ] {
        out = out.saying(key, &value[key]);
    }
    out = out
        .list("hashes", &value["hashes"], |hash| {
            Element::new("hash")
                .with("alg", text(&hash["alg"]))
                .text(text(&hash["content"]))
        })
        .list("licenses", &value["licenses"], license)
        .saying("purl", &value["purl"])
        .list("properties", &value["properties"], property);
    let evidence = &value["evidence"];
    if evidence.is_object() {
        // A list in 1.7, one object before.
        let identities = match &evidence["identity"] {
            Value::Array(list) => list.as_slice(),
            one => std::slice::from_ref(one),
        };
        let element = identities
            .iter()
            .fold(Element::new("evidence"), |out, one| {
                out.holding(identity(one))
            });
        let element = element.list("occurrences", &evidence["occurrences"], |place| {
            Element::new("occurrence")
                .saying("location", &place["location"])
                .saying("additionalContext", &place["additionalContext"])
        });
        out = out.holding(element);
    }
    out
}

fn identity(value: &Value) -> Element {
    number(
        Element::new("identity").saying("field", &value["field"]),
        "confidence",
        &value["confidence"],
    )
    .list("methods", &value["methods"], |method| {
        number(
            Element::new("method").saying("technique", &method["technique"]),
            "confidence",
            &method["confidence"],
        )
    })
}

/// With an inner element of that name, where the value is a number.
fn number(out: Element, name: &'static str, value: &Value) -> Element {
    match value.as_f64() {
        Some(number) => out.holding(Element::new(name).text(&number.to_string())),
        None => out,
    }
}

fn license(value: &Value) -> Element {
    let acknowledged = |element: Element, from: &Value| match from["acknowledgement"].as_str() {
        Some(how) => element.with("acknowledgement", how),
        None => element,
    };
    if let Some(expression) = value["expression"].as_str() {
        return acknowledged(Element::new("expression"), value).text(expression);
    }
    let license = &value["license"];
    acknowledged(Element::new("license"), license)
        .saying("id", &license["id"])
        .saying("name", &license["name"])
}

fn dependency(value: &Value) -> Element {
    let out = Element::new("dependency").with("ref", text(&value["ref"]));
    let needs = value["dependsOn"].as_array().into_iter().flatten();
    needs.fold(out, |out, need| {
        out.holding(Element::new("dependency").with("ref", text(need)))
    })
}

fn property(value: &Value) -> Element {
    Element::new("property")
        .with("name", text(&value["name"]))
        .text(text(&value["value"]))
}

fn vulnerability(value: &Value) -> Element {
    let out = Element::new("vulnerability").with("bom-ref", text(&value["bom-ref"]));
    source(out.saying("id", &value["id"]), &value["source"])
        .list("references", &value["references"], |one| {
            source(
                Element::new("reference").saying("id", &one["id"]),
                &one["source"],
            )
        })
        .list("ratings", &value["ratings"], rating)
        .list("cwes", &value["cwes"], |one| {
            Element::new("cwe").text(&one.to_string())
        })
        .saying("description", &value["description"])
        .saying("detail", &value["detail"])
        .saying("recommendation", &value["recommendation"])
        .list("advisories", &value["advisories"], |one| {
            Element::new("advisory").saying("url", &one["url"])
        })
        .saying("published", &value["published"])
        .saying("updated", &value["updated"])
        .holding(analysis(&value["analysis"]))
        .list("affects", &value["affects"], |one| {
            Element::new("target").saying("ref", &one["ref"]).list(
                "versions",
                &one["versions"],
                |version| {
                    Element::new("version")
                        .saying("version", &version["version"])
                        .saying("status", &version["status"])
                },
            )
        })
        .list("properties", &value["properties"], property)
}

fn source(out: Element, value: &Value) -> Element {
    if !value.is_object() {
        return out;
    }
    let source = Element::new("source")
        .saying("name", &value["name"])
        .saying("url", &value["url"]);
    out.holding(source)
}

fn rating(value: &Value) -> Element {
    let out = source(Element::new("rating"), &value["source"]);
    number(out, "score", &value["score"])
        .saying("severity", &value["severity"])
        .saying("method", &value["method"])
        .saying("vector", &value["vector"])
}

fn analysis(value: &Value) -> Element {
    Element::new("analysis")
        .saying("state", &value["state"])
        .saying("justification", &value["justification"])
        .list("responses", &value["response"], |one| {
            Element::new("response").text(text(one))
        })
        .saying("detail", &value["detail"])
}
