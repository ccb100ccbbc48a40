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
                .holding(component(&metadata["component"])),
        )
        .list("components", &bom["components"], component)
        .list("dependencies", &bom["dependencies"], dependency)
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
        .list("properties", &value["properties"], |property| {
            Element::new("property")
                .with("name", text(&property["name"]))
                .text(text(&property["value"]))
        });
    let places = &value["evidence"]["occurrences"];
    if places.as_array().is_some_and(|places| !places.is_empty()) {
        let evidence = Element::new("evidence").list("occurrences", places, |place| {
            Element::new("occurrence").saying("location", &place["location"])
        });
        out = out.holding(evidence);
    }
    out
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
