//! The controls of section 4, and what answers each.

use plimsoll_model::Text;
use plimsoll_model::control::Method;

use super::{Control, Part};

/// The controls, in their order.
pub(super) static SECTION_4: &[Control] = &[
    Control {
        id: "4.1",
        title: Text::fixed(
            "the container has a user of its own",
            "已为容器创建专用用户",
        ),
        asks: Text::fixed(
            "The image names a user that is not root, so that a program which is taken over has few rights.",
            "镜像应指定非 root 用户,使被攻破的程序权限有限。",
        ),
        method: Method::Automated,
        parts: &[Part::Check("root-user")],
    },
    Control {
        id: "4.2",
        title: Text::fixed("only trusted base images are used", "仅使用可信的基础镜像"),
        asks: Text::fixed(
            "The base comes from somebody whom the organisation trusts: whoever makes the base decides what is below everything else.",
            "基础镜像应来自组织所信任的来源:谁制作基础镜像,谁就决定了其余一切之下的内容。",
        ),
        method: Method::Manual,
        parts: &[Part::Base],
    },
    Control {
        id: "4.3",
        title: Text::fixed(
            "no packages are installed that are not needed",
            "未安装不必要的软件包",
        ),
        asks: Text::fixed(
            "Only what the program needs is installed: each further tool is one more for whoever breaks in, and one more with flaws.",
            "只安装程序所需的内容:多余的工具既可被入侵者利用,也会带来更多漏洞。",
        ),
        method: Method::Manual,
        parts: &[Part::Check("needless-tool")],
    },
    Control {
        id: "4.4",
        title: Text::fixed(
            "images are scanned and rebuilt with security fixes",
            "镜像经过扫描并重新构建以包含安全补丁",
        ),
        asks: Text::fixed(
            "The image is searched for known flaws, and built anew when they are fixed, on a base that still gets fixes.",
            "应扫描镜像中的已知漏洞,在修复发布后重新构建,且基础系统仍在维护期内。",
        ),
        method: Method::Manual,
        parts: &[
            Part::Patches,
            Part::Check("base-eol"),
            Part::Check("image-age"),
        ],
    },
    Control {
        id: "4.5",
        title: Text::fixed("content trust is enabled", "已启用内容信任"),
        asks: Text::fixed(
            "The client takes only signed tags (`DOCKER_CONTENT_TRUST=1`), so that nobody can put another image in the place of one.",
            "客户端只接受已签名的标签(`DOCKER_CONTENT_TRUST=1`),防止镜像被他人替换。",
        ),
        method: Method::Automated,
        parts: &[Part::ContentTrust],
    },
    Control {
        id: "4.6",
        title: Text::fixed("the image has a health check", "镜像已定义健康检查"),
        asks: Text::fixed(
            "A health check tells the engine when the program no longer answers, so that it can be replaced.",
            "健康检查使引擎得知程序不再响应,从而可以替换它。",
        ),
        method: Method::Automated,
        parts: &[Part::Check("healthcheck")],
    },
    Control {
        id: "4.7",
        title: Text::fixed(
            "package lists are not updated in a step of their own",
            "未单独使用更新指令",
        ),
        asks: Text::fixed(
            "Package lists are updated in the step that installs from them: a step of its own is cached, and later builds install old versions.",
            "软件包列表应在安装的同一步骤中更新:单独的步骤会被缓存,之后的构建会安装旧版本。",
        ),
        method: Method::Manual,
        parts: &[Part::Rule("index-update-alone")],
    },
    Control {
        id: "4.8",
        title: Text::fixed(
            "setuid and setgid rights are removed",
            "已移除 setuid 与 setgid 权限",
        ),
        asks: Text::fixed(
            "Programs that run with the rights of their owner are few, or none: each is a way from a plain user to root.",
            "带有 setuid 或 setgid 的程序应尽量少甚至没有:每一个都是从普通用户到 root 的途径。",
        ),
        method: Method::Manual,
        parts: &[Part::Check("setuid-file")],
    },
    Control {
        id: "4.9",
        title: Text::fixed("COPY is used instead of ADD", "使用 COPY 而非 ADD"),
        asks: Text::fixed(
            "`COPY` takes what is in the build's context and nothing else; `ADD` also fetches and unpacks what nobody has looked at.",
            "`COPY` 只复制构建上下文中的内容;`ADD` 还会下载并解压未经检查的内容。",
        ),
        method: Method::Manual,
        parts: &[Part::Rule("add-for-files"), Part::Addresses],
    },
    Control {
        id: "4.10",
        title: Text::fixed("no secrets are stored", "未存储敏感信息"),
        asks: Text::fixed(
            "No password, key or token is in a variable, a label, a command or a file: whoever has the image has it too.",
            "变量、标签、命令和文件中不应有密码、密钥或令牌:得到镜像的人也就得到了它们。",
        ),
        method: Method::Manual,
        parts: &[Part::Check("config-secret"), Part::Check("file-secret")],
    },
    Control {
        id: "4.11",
        title: Text::fixed(
            "only verified packages are installed",
            "仅安装经过校验的软件包",
        ),
        asks: Text::fixed(
            "Packages come from sources whose signatures the package manager checks, and nothing is run that was merely downloaded.",
            "软件包应来自由包管理器校验签名的来源,且不直接运行下载的内容。",
        ),
        method: Method::Manual,
        parts: &[
            Part::Check("unverified-source"),
            Part::Rule("unverified-package"),
            Part::Rule("insecure-download"),
            Part::Rule("download-to-shell"),
        ],
    },
    Control {
        id: "4.12",
        title: Text::fixed(
            "all signed artefacts are validated",
            "所有已签名制品均经过验证",
        ),
        asks: Text::fixed(
            "What is signed (the image, its bill of materials, its provenance) is verified before it is used.",
            "已签名的内容(镜像、物料清单、来源证明)在使用前应经过验证。",
        ),
        method: Method::Manual,
        parts: &[Part::Signatures],
    },
];
