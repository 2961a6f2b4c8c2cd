//! The account PostgreSQL runs under: its programs refuse root.

use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::ServerError;

/// The account a server is run under.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Account {
    /// The one this program has.
    Own,
    /// Another one, by its numbers; only root can change to it.
    Other { uid: u32, gid: u32 },
}

impl Account {
    /// Our own account, or where that is root, `postgres` or else `nobody`.
    pub(crate) fn unprivileged() -> Result<Self, ServerError> {
        if std::fs::metadata("/proc/self")?.uid() != 0 {
            return Ok(Self::Own);
        }
        let passwd = std::fs::read_to_string("/etc/passwd")?;
        ["postgres", "nobody"]
            .iter()
            .find_map(|name| find(&passwd, name))
            .map(|(uid, gid)| Self::Other { uid, gid })
            .ok_or(ServerError::NoAccount)
    }

    /// Makes `command` run under this account.
    pub(crate) fn apply(self, command: &mut Command) {
        if let Self::Other { uid, gid } = self {
            command.uid(uid).gid(gid);
        }
    }

    /// Gives `path` to this account.
    pub(crate) fn give(self, path: &Path) -> std::io::Result<()> {
        match self {
            Self::Own => Ok(()),
            Self::Other { uid, gid } => chown(path, Some(uid), Some(gid)),
        }
    }
}

fn find(passwd: &str, name: &str) -> Option<(u32, u32)> {
    let mut fields = passwd
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|fields| fields.first() == Some(&name))?
        .into_iter()
        .skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        let passwd = "root:x:0:0::/root:/bin/sh\npostgresql:x:9:9::/:/bin/sh\npostgres:x:101:104:a,b:/var:/bin/sh\n";
        assert_eq!(find(passwd, "postgres"), Some((101, 104)));
        assert_eq!(find(passwd, "post"), None);
    }
}
