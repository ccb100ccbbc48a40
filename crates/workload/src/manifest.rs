//! What a file runs: services of Compose, containers and pods of Kubernetes, in one shape for the rules.

use std::borrow::Cow;
use std::fmt;

use plimsoll_model::Text;
use plimsoll_model::lint::LintKind;
use plimsoll_model::lint::span::Span;

use crate::yaml::{NodeId, Tree};

/// Values that rules look at, aliases followed, beside twice those that stand in the file. A file whose aliases
/// stand for more is not judged.
const MAX_ALIASED: usize = 200_000;
/// Services that a service extends, one after the other.
const MAX_EXTENDED: usize = 16;
/// Lists in lists.
const MAX_LISTS: usize = 8;

/// Whose manifest it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum World {
    /// Compose.
    Compose,
    /// Kubernetes.
    Kubernetes,
}

/// What a container is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It does the work.
    Main,
    /// It runs before the others and ends.
    Init,
    /// An init container that goes on (`restartPolicy: Always`).
    Sidecar,
    /// Somebody put it in to look.
    Ephemeral,
}

/// A service of Compose or a container of Kubernetes.
#[derive(Debug, Clone)]
pub struct Container {
    /// Whose it is.
    pub world: World,
    /// Its name.
    pub name: String,
    /// Its mapping.
    pub node: NodeId,
    /// The services that it extends in this file, nearest first.
    pub extended: Vec<NodeId>,
    /// Its name in the file.
    pub at: Span,
    /// All of it.
    pub scope: Span,
    /// Its pod, in [`Manifest::pods`].
    pub pod: Option<usize>,
    /// What it is for.
    pub role: Role,
    /// Whether all that is said of it stands in this file, so that what is not said is not set.
    pub is_complete: bool,
}

/// The pod, or the template of one, in an object of Kubernetes.
#[derive(Debug, Clone)]
pub struct Pod {
    /// The object's kind: `Deployment`.
    pub kind: String,
    /// The object's name.
    pub name: String,
    /// The object.
    pub object: NodeId,
    /// What holds the pod's metadata and specification.
    pub template: NodeId,
    /// The specification of the pod.
    pub spec: NodeId,
    /// The object's name in the file.
    pub at: Span,
    /// All of the object.
    pub scope: Span,
    /// Whether it runs to an end: a Job, a `CronJob`, a Pod that is not restarted.
    pub is_task: bool,
    /// Whether it is for Windows (`spec.os.name`).
    pub is_windows: bool,
}

/// A file, as rules see it.
#[derive(Debug)]
pub struct Manifest<'a> {
    /// The YAML.
    pub tree: Tree<'a>,
    /// What kind of file it is.
    pub kind: LintKind,
    /// Services, or containers of all pods, in order.
    pub containers: Vec<Container>,
    /// Pods, in order.
    pub pods: Vec<Pod>,
    /// Why some of it is not judged.
    pub gaps: Vec<(Span, Text)>,
}

/// What a rule speaks of.
pub trait Subject {
    /// All of it, or the object around it where a place lies outside.
    fn scope(&self, manifest: &Manifest<'_>, place: Span) -> Span;
    /// How it is called, in English and in Chinese.
    fn noun(&self, manifest: &Manifest<'_>) -> (String, String);
}

impl Subject for Container {
    fn scope(&self, manifest: &Manifest<'_>, place: Span) -> Span {
        let pod = manifest.pod(self).map(|pod| pod.scope);
        let around = std::iter::once(self.scope).chain(pod);
        // What comes from an anchor or an extended service lies in neither.
        around
            .into_iter()
            .find(|scope| scope.contains(place))
            .unwrap_or(place)
    }

    fn noun(&self, manifest: &Manifest<'_>) -> (String, String) {
        let name = shown(&self.name);
        match manifest.pod(self) {
            Some(pod) => {
                let (en, zh) = pod.noun(manifest);
                (
                    format!("container `{name}` of {en}"),
                    format!("{zh}的容器 `{name}` "),
                )
            }
            None => (format!("service `{name}`"), format!("服务 `{name}` ")),
        }
    }
}

impl Subject for Pod {
    fn scope(&self, _: &Manifest<'_>, place: Span) -> Span {
        if self.scope.contains(place) {
            self.scope
        } else {
            place
        }
    }

    fn noun(&self, _: &Manifest<'_>) -> (String, String) {
        let noun = format!("{} `{}`", shown(&self.kind), shown(&self.name));
        (noun.clone(), format!("{noun} "))
    }
}

/// A name short enough for a sentence.
pub(crate) fn shown(name: &str) -> Cow<'_, str> {
    const LONG: usize = 120;
    let is_plain = name.len() <= LONG && !name.chars().any(char::is_control);
    if is_plain {
        return Cow::Borrowed(name);
    }
    let kept = name.chars().filter(|c| !c.is_control()).take(LONG);
    Cow::Owned(kept.chain(std::iter::once('…')).collect())
}

/// A setting that stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Its key.
    pub key: NodeId,
    /// Its value.
    pub value: NodeId,
    /// The mapping of the service, container or pod that holds it, below the keys that were asked for.
    pub holder: NodeId,
    /// Whether it can be changed here without changing another service or container.
    pub is_own: bool,
}

impl<'a> Manifest<'a> {
    /// What a text runs; `None` if it is no manifest of either world. `path` helps where the text is broken.
    #[must_use]
    pub fn read(path: &str, text: &'a str) -> Option<Self> {
        let tree = Tree::parse(text);
        let mut manifest = Self {
            kind: LintKind::Kubernetes,
            containers: Vec::new(),
            pods: Vec::new(),
            gaps: Vec::new(),
            tree,
        };
        let is_broken = !manifest.tree.errors.is_empty();
        let braces = text
            .find("{{")
            .map(|at| Span::new(at, at.saturating_add(2)));
        let template = manifest.tree.template.or(braces.filter(|_| is_broken));
        if let Some(at) = template {
            manifest.kind = guess(path, text)?;
            manifest.tree.errors = vec![(
                at,
                Text::fixed(
                    "this is a template and no YAML; lint what it renders: `helm template . | plimsoll lint -`",
                    "这是模板,不是 YAML;请检查渲染结果:`helm template . | plimsoll lint -`",
                ),
            )];
            return Some(manifest);
        }
        let size = manifest.tree.size();
        let mut budget = size.saturating_mul(2).saturating_add(MAX_ALIASED);
        let mut kind = None;
        for document in manifest.tree.documents.clone() {
            let found = manifest.document(document, &mut budget);
            kind = kind.or(found);
        }
        manifest.kind = match kind {
            Some(kind) => kind,
            None if is_broken => guess(path, text)?,
            None => return None,
        };
        Some(manifest)
    }

    fn document(&mut self, root: NodeId, budget: &mut usize) -> Option<LintKind> {
        let text = |key: &str| {
            let entry = self.tree.get(root, key)?;
            self.tree.scalar(entry.value)
        };
        if text("apiVersion").is_some() && text("kind").is_some() {
            self.objects(root, budget);
            return Some(LintKind::Kubernetes);
        }
        self.services(root, budget).then_some(LintKind::Compose)
    }

    /// Whether what hangs on a node, aliases followed, is within what may be looked at.
    fn affords(&mut self, node: NodeId, at: Span, budget: &mut usize) -> bool {
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            let Some(left) = budget.checked_sub(1) else {
                if self.gaps.last().is_none_or(|(last, _)| *last != at) && self.gaps.len() < 100 {
                    self.gaps.push((
                        at,
                        Text::fixed(
                            "its aliases stand for millions of values; it is not judged",
                            "其别名展开后有数百万个值,未作判断",
                        ),
                    ));
                }
                return false;
            };
            *budget = left;
            open.extend(self.tree.items(node));
            let entries = self.tree.entries(node);
            open.extend(entries.iter().map(|(_, value)| *value));
        }
        true
    }

    fn services(&mut self, root: NodeId, budget: &mut usize) -> bool {
        let Some(services) = self.tree.get(root, "services") else {
            return false;
        };
        let all = self.tree.all(services.value);
        let is_service = |(_, value): &(NodeId, NodeId)| {
            ["image", "build", "extends", "provider"]
                .iter()
                .any(|key| self.tree.get(*value, key).is_some())
        };
        let is_shaped = all
            .iter()
            .all(|(_, value)| self.tree.is_mapping(*value) || self.tree.is_null(*value));
        if !is_shaped || !all.iter().any(is_service) {
            return false;
        }
        for (key, value) in all {
            let at = self.tree.span(key);
            let node = self.tree.resolve(value);
            if !self.affords(node, at, budget) {
                break;
            }
            let (extended, ends_here) = self.extended(services.value, node);
            let has_image = std::iter::once(&node).chain(&extended).any(|layer| {
                ["image", "build", "provider"]
                    .iter()
                    .any(|key| self.tree.get(*layer, key).is_some())
            });
            let is_complete = ends_here && has_image;
            if !is_complete {
                self.gaps.push((
                    at,
                    Text::fixed(
                        "part of this service stands in another file, so what is not set here is not judged",
                        "此服务的一部分在其他文件中,因此此处未设置的内容不作判断",
                    ),
                ));
            }
            self.containers.push(Container {
                world: World::Compose,
                name: self.tree.scalar(key).unwrap_or_default().to_owned(),
                scope: at.to(self.tree.span(value)),
                node,
                extended,
                at,
                pod: None,
                role: Role::Main,
                is_complete,
            });
        }
        true
    }

    /// The services that one extends in this file, and whether there is no more to know.
    fn extended(&self, services: NodeId, node: NodeId) -> (Vec<NodeId>, bool) {
        let mut found = Vec::new();
        let mut here = node;
        while let Some(extends) = self.tree.get(here, "extends") {
            let elsewhere = self.tree.get(extends.value, "file").is_some();
            let name = match self.tree.get(extends.value, "service") {
                Some(entry) => self.tree.scalar(entry.value),
                None => self.tree.scalar(extends.value),
            };
            let next = name.and_then(|name| self.tree.get(services, name));
            match next {
                Some(next)
                    if !elsewhere
                        && found.len() < MAX_EXTENDED
                        && next.value != node
                        && !found.contains(&next.value) =>
                {
                    found.push(next.value);
                    here = next.value;
                }
                _ => return (found, false),
            }
        }
        (found, true)
    }

    fn objects(&mut self, root: NodeId, budget: &mut usize) {
        let mut open = vec![(root, 0_usize)];
        while let Some((object, depth)) = open.pop() {
            let kind = self
                .text_at(object, &["kind"])
                .unwrap_or_default()
                .to_owned();
            if kind.ends_with("List") && depth < MAX_LISTS {
                if !self.affords(object, self.tree.span(object), budget) {
                    return;
                }
                let items = self.tree.get(object, "items");
                let items = items.map_or(&[][..], |entry| self.tree.items(entry.value));
                open.extend(
                    items
                        .iter()
                        .rev()
                        .map(|item| (*item, depth.saturating_add(1))),
                );
                continue;
            }
            self.object(object, kind, budget);
        }
    }

    fn object(&mut self, object: NodeId, kind: String, budget: &mut usize) {
        let path: &[&str] = match kind.as_str() {
            "Pod" => &[],
            "CronJob" => &["spec", "jobTemplate", "spec", "template"],
            "PodTemplate" => &["template"],
            // Deployments and their like, and what others build in their image: Rollout, DeploymentConfig.
            _ => &["spec", "template"],
        };
        let template = if path.is_empty() {
            Some(object)
        } else {
            self.tree.at(object, path).map(|entry| entry.value)
        };
        let Some(template) = template else { return };
        let Some(spec) = self.tree.get(template, "spec").map(|entry| entry.value) else {
            return;
        };
        let containers = self.tree.get(spec, "containers");
        if containers.is_none_or(|entry| self.tree.items(entry.value).is_empty()) {
            return;
        }
        let scope = self.tree.span(object);
        if !self.affords(object, scope, budget) {
            return;
        }
        let name = self
            .tree
            .at(object, &["metadata", "name"])
            .or_else(|| self.tree.at(object, &["metadata", "generateName"]));
        let at = name.or_else(|| self.tree.get(object, "kind"));
        let never = self
            .text_at(spec, &["restartPolicy"])
            .is_some_and(|policy| policy != "Always");
        let pod = Pod {
            name: name
                .and_then(|name| self.tree.scalar(name.value))
                .unwrap_or_default()
                .to_owned(),
            at: at.map_or(scope, |entry| self.tree.span(entry.value)),
            object,
            template,
            spec,
            scope,
            is_task: matches!(kind.as_str(), "Job" | "CronJob") || never,
            is_windows: self.text_at(spec, &["os", "name"]) == Some("windows"),
            kind,
        };
        let index = self.pods.len();
        self.pods.push(pod);
        for (key, role) in [
            ("initContainers", Role::Init),
            ("containers", Role::Main),
            ("ephemeralContainers", Role::Ephemeral),
        ] {
            let Some(list) = self.tree.get(spec, key) else {
                continue;
            };
            for item in self.tree.items(list.value).to_vec() {
                self.container(item, index, role);
            }
        }
    }

    fn container(&mut self, item: NodeId, pod: usize, role: Role) {
        let node = self.tree.resolve(item);
        if !self.tree.is_mapping(node) {
            return;
        }
        let name = self.tree.get(node, "name");
        let scope = self.tree.span(item);
        let goes_on = self.text_at(node, &["restartPolicy"]) == Some("Always");
        self.containers.push(Container {
            world: World::Kubernetes,
            name: name
                .and_then(|name| self.tree.scalar(name.value))
                .unwrap_or_default()
                .to_owned(),
            at: name.map_or(scope, |name| self.tree.span(name.value)),
            node,
            extended: Vec::new(),
            scope,
            pod: Some(pod),
            role: if role == Role::Init && goes_on {
                Role::Sidecar
            } else {
                role
            },
            is_complete: true,
        });
    }

    /// The world of the file.
    #[must_use]
    pub fn world(&self) -> World {
        match self.kind {
            LintKind::Compose => World::Compose,
            _ => World::Kubernetes,
        }
    }

    /// The text below several keys.
    #[must_use]
    pub fn text_at(&self, node: NodeId, path: &[&str]) -> Option<&str> {
        let entry = self.tree.at(node, path)?;
        self.tree.scalar(entry.value)
    }

    /// The pod of a container.
    #[must_use]
    pub fn pod(&self, container: &Container) -> Option<&Pod> {
        self.pods.get(container.pod?)
    }

    /// What a container says below several keys; nothing where it says `null`.
    #[must_use]
    pub fn setting(&self, container: &Container, path: &[&str]) -> Option<Setting> {
        let own = std::iter::once((container.node, true));
        let extended = container.extended.iter().map(|node| (*node, false));
        own.chain(extended)
            .find_map(|(node, is_here)| self.setting_of(node, path, is_here))
    }

    /// What a pod says below several keys of its specification.
    #[must_use]
    pub fn pod_setting(&self, pod: &Pod, path: &[&str]) -> Option<Setting> {
        self.setting_of(pod.spec, path, true)
    }

    fn setting_of(&self, node: NodeId, path: &[&str], is_here: bool) -> Option<Setting> {
        let entry = self.tree.at(node, path)?;
        (!self.tree.is_null(entry.value)).then_some(Setting {
            key: entry.key,
            value: entry.value,
            holder: node,
            is_own: is_here && entry.is_own,
        })
    }

    /// A field of the security context: the container's own wins over the pod's.
    #[must_use]
    pub fn security(&self, container: &Container, field: &[&str]) -> Option<Setting> {
        let path: Vec<&str> = std::iter::once("securityContext")
            .chain(field.iter().copied())
            .collect();
        // A field of the pod counts where the container says nothing of that name at all.
        let outermost = path.get(..2)?;
        if self.setting(container, outermost).is_some() {
            return self.setting(container, &path);
        }
        self.pod_setting(self.pod(container)?, &path)
    }

    /// The lists of that name of a service or container, and of those that it extends: they add to each other.
    #[must_use]
    pub fn lists(&self, container: &Container, path: &[&str]) -> Vec<NodeId> {
        let layers = std::iter::once(&container.node).chain(&container.extended);
        let lists = layers.filter_map(|node| self.tree.at(*node, path));
        lists.map(|entry| entry.value).collect()
    }

    /// Every item of these lists; a lone text is a list of one.
    #[must_use]
    pub fn list(&self, container: &Container, path: &[&str]) -> Vec<NodeId> {
        let mut found = Vec::new();
        for list in self.lists(container, path) {
            if self.tree.scalar(list).is_some() && !self.tree.is_null(list) {
                found.push(list);
            }
            found.extend(self.tree.items(list));
        }
        found
    }

    /// Keys and values of the annotations of a pod.
    #[must_use]
    pub fn annotations(&self, pod: &Pod) -> Vec<(NodeId, NodeId)> {
        let entry = self.tree.at(pod.template, &["metadata", "annotations"]);
        entry
            .map(|entry| self.tree.all(entry.value))
            .unwrap_or_default()
    }

    /// The text of a value as the runtime sees it: variables of Compose take their defaults. `None` where it
    /// hangs on something that is not in the file.
    #[must_use]
    pub fn known(&self, world: World, value: NodeId) -> Option<Cow<'_, str>> {
        let text = self.tree.scalar(value)?;
        if text.contains("{{") {
            return None;
        }
        match world {
            World::Compose => interpolate(text),
            World::Kubernetes => Some(Cow::Borrowed(text)),
        }
    }

    /// Whether a setting is there and true.
    #[must_use]
    pub fn is_true(&self, world: World, setting: Option<Setting>) -> bool {
        self.truth(world, setting) == Some(true)
    }

    /// A setting's truth value.
    #[must_use]
    pub fn truth(&self, world: World, setting: Option<Setting>) -> Option<bool> {
        let value = self.known(world, setting?.value)?;
        match value.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => Some(true),
            "false" | "no" | "off" => Some(false),
            _ => None,
        }
    }
}

/// Puts the defaults of variables in: `${TAG:-1.2}` is `1.2`, `$$` is `$`. `None` if one has no default.
/// (Compose specification, Interpolation.)
fn interpolate(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('$') {
        return Some(Cow::Borrowed(text));
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        if let Some(literal) = after.strip_prefix('$') {
            out.push('$');
            rest = literal;
            continue;
        }
        let (inner, behind) = after.strip_prefix('{')?.split_once('}')?;
        let end = inner.find([':', '-', '?', '+'])?;
        let operator = inner.get(end..)?;
        let default = operator
            .strip_prefix(":-")
            .or_else(|| operator.strip_prefix('-'))?;
        if default.contains('$') {
            return None;
        }
        out.push_str(default);
        rest = behind;
    }
    out.push_str(rest);
    Some(Cow::Owned(out))
}

/// What a text that cannot be read would be, by its name or the keys at the start of its lines.
fn guess(path: &str, text: &str) -> Option<LintKind> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let has = |key: &str| text.lines().any(|line| line.starts_with(key));
    if has("apiVersion:") && has("kind:") {
        return Some(LintKind::Kubernetes);
    }
    let is_compose = name.starts_with("compose.") || name.starts_with("docker-compose");
    (is_compose || has("services:") && text.contains("image:")).then_some(LintKind::Compose)
}

impl fmt::Display for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Compose => "Compose",
            Self::Kubernetes => "Kubernetes",
        })
    }
}
