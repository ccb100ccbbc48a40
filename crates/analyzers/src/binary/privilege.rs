//! Programs with rights of their own: the set-user-id and set-group-id bits, and file capabilities.
//!
//! Sources: `execve(2)` for the bits, `capabilities(7)` and `linux/capability.h` (`struct vfs_cap_data`) for the
//! attribute `security.capability`. The set-group-id bit of a file that its group may not execute means mandatory locks,
//! and the bits of a file that nobody may execute mean nothing.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Part, Sink};
use plimsoll_model::Effect;
use plimsoll_model::fact::{self, FactBody};

/// Programs with rights of their own.
#[derive(Debug)]
pub struct Privilege;

static META: Meta = Meta {
    id: "binary/privilege",
    revision: 1,
    docs: "Says of each file that runs as its owner or its group, or has file capabilities, which rights it gives.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[],
        under: &[],
        executables: Executables::Privileged,
    },
    limit: u64::MAX,
    loss: Effect::Note,
};

/// `linux/capability.h`, by number; bits above are of kernels to come.
const NAMES: [&str; 41] = [
    "cap_chown",
    "cap_dac_override",
    "cap_dac_read_search",
    "cap_fowner",
    "cap_fsetid",
    "cap_kill",
    "cap_setgid",
    "cap_setuid",
    "cap_setpcap",
    "cap_linux_immutable",
    "cap_net_bind_service",
    "cap_net_broadcast",
    "cap_net_admin",
    "cap_net_raw",
    "cap_ipc_lock",
    "cap_ipc_owner",
    "cap_sys_module",
    "cap_sys_rawio",
    "cap_sys_chroot",
    "cap_sys_ptrace",
    "cap_sys_pacct",
    "cap_sys_admin",
    "cap_sys_boot",
    "cap_sys_nice",
    "cap_sys_resource",
    "cap_sys_time",
    "cap_sys_tty_config",
    "cap_mknod",
    "cap_lease",
    "cap_audit_write",
    "cap_audit_control",
    "cap_setfcap",
    "cap_mac_override",
    "cap_mac_admin",
    "cap_syslog",
    "cap_wake_alarm",
    "cap_block_suspend",
    "cap_audit_read",
    "cap_perfmon",
    "cap_bpf",
    "cap_checkpoint_restore",
];

const SETUID: u32 = 0o4000;
const SETGID: u32 = 0o2000;
const EXECUTE: u32 = 0o111;
const GROUP_EXECUTE: u32 = 0o010;

impl Analyzer for Privilege {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn part(&self) -> Part {
        Part::Head(0)
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let rights = file.rights;
        let is_program = file.mode & EXECUTE != 0;
        let setuid = is_program && file.mode & SETUID != 0;
        let setgid = file.mode & SETGID != 0 && file.mode & GROUP_EXECUTE != 0;
        let capabilities = match rights.capability.filter(|_| is_program) {
            Some(bytes) => capabilities(bytes).unwrap_or_else(|| {
                sink.unreadable("has file capabilities of a form that the kernel does not know");
                vec!["unreadable".to_owned()]
            }),
            None => Vec::new(),
        };
        if setuid || setgid || !capabilities.is_empty() {
            sink.fact(FactBody::Privilege(fact::Privilege {
                setuid: setuid.then_some(rights.uid),
                setgid: setgid.then_some(rights.gid),
                capabilities,
            }));
        }
    }
}

/// The capabilities that the attribute permits or lets be inherited, by number; `None` for bytes that are none.
///
/// `magic_etc`, then pairs of permitted and inheritable, 32 bits each, little-endian: one pair in revision 1, two in
/// revisions 2 and 3, of which the last has the root user of a namespace behind them.
fn capabilities(bytes: &[u8]) -> Option<Vec<String>> {
    let mut words = bytes
        .chunks(4)
        .map(|word| word.try_into().map(u32::from_le_bytes));
    let magic = words.next()?.ok()?;
    let shifts: &[u32] = match (magic >> 24, bytes.len()) {
        (1, 12) => &[0][..],
        (2, 20) | (3, 24) => &[0, 32],
        _ => return None,
    };
    let mut set = 0_u64;
    for shift in shifts {
        let (permitted, inheritable) = (words.next()?.ok()?, words.next()?.ok()?);
        set |= u64::from(permitted | inheritable) << shift;
    }
    let known = NAMES.iter().enumerate();
    let mut names: Vec<String> = known
        .filter(|(bit, _)| set & (1 << bit) != 0)
        .map(|(_, name)| (*name).to_owned())
        .collect();
    let unknown = (NAMES.len()..64).filter(|bit| set & (1 << bit) != 0);
    names.extend(unknown.map(|bit| format!("cap_{bit}")));
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(magic: u32, words: &[u32]) -> Vec<u8> {
        std::iter::once(&magic)
            .chain(words)
            .flat_map(|word| word.to_le_bytes())
            .collect()
    }

    #[test]
    fn each_revision_of_the_attribute_is_read() {
        let of = |magic, words: &[u32]| capabilities(&attribute(magic, words));
        let names = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(of(0x0100_0001, &[1 << 13, 0]), names(&["cap_net_raw"]));
        assert_eq!(
            of(0x0200_0001, &[1 << 10, 1 << 12, 1 << 7, 0]),
            names(&["cap_net_bind_service", "cap_net_admin", "cap_bpf"])
        );
        assert_eq!(
            of(0x0300_0000, &[0, 0, 1 << 31, 0, 1000]),
            names(&["cap_63"])
        );
        assert_eq!(of(0x0200_0000, &[0, 0, 0, 0]), names(&[]));
        assert_eq!(of(0x0200_0001, &[1 << 13, 0]), None);
        assert_eq!(of(0x0400_0001, &[0, 0, 0, 0]), None);
        assert_eq!(capabilities(b"abc"), None);
        assert_eq!(capabilities(b""), None);
    }
}
