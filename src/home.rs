//! Home: the folder from which files are called in what outlives a run.
//!
//! A report calls a file as it was given, `../deploy/web.yaml`. Waivers,
//! baselines and thresholds call it `deploy/web.yaml` wherever the run starts.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::source::Source;

/// The folder of the settings, or else of the repository, or else the current one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Home {
    folder: PathBuf,
    here: PathBuf,
}

impl Home {
    /// The home of a run in `here` with this settings file. Settings that hold for other
    /// folders as well (`--config /etc/regate.yaml`) are no home.
    #[must_use]
    pub fn find(here: &Path, settings: Option<&Path>) -> Self {
        let beside = settings.and_then(|file| plain(&here.join(file)).parent().map(Path::to_owned));
        let folder = beside
            .filter(|folder| here.starts_with(folder))
            .or_else(|| repository(here))
            .unwrap_or_else(|| here.to_owned());
        Self { folder, here: here.to_owned() }
    }

    /// The folder, absolute.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What the file called `name` in this run is called from home. What lies elsewhere keeps its name.
    #[must_use]
    pub fn key(&self, name: &str) -> String {
        self.key_of(&self.here.join(name)).unwrap_or_else(|| name.strip_prefix("./").unwrap_or(name).to_owned())
    }

    /// What the file at an absolute path is called from home, if it lies there.
    #[must_use]
    pub fn key_of(&self, path: &Path) -> Option<String> {
        let path = plain(path);
        let inside = path.strip_prefix(&self.folder).ok()?;
        let parts: Vec<_> = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        Some(parts.join("/"))
    }

    /// The source with its name from home.
    #[must_use]
    pub fn keyed(&self, source: Source) -> Arc<Source> {
        let key = self.key(source.name());
        Arc::new(source.with_key(key))
    }

    /// A path as it is called from here, when it is in home; it stays the same elsewhere.
    #[must_use]
    pub fn shown(&self, path: &Path) -> PathBuf {
        self.key_of(&self.here.join(path)).map_or_else(|| path.to_owned(), |key| self.path(&key))
    }

    /// A path in home as it is called from here: short where it is here or under it.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        let path = self.folder.join(name);
        if let Ok(under) = path.strip_prefix(&self.here) {
            return under.to_owned();
        }
        // Home is here or above.
        let up = self.here.strip_prefix(&self.folder).map_or(0, |below| below.components().count());
        let up: PathBuf = std::iter::repeat_n("..", up).collect();
        if up.as_os_str().is_empty() { path } else { up.join(name) }
    }
}

/// The nearest folder upward that git keeps.
#[must_use]
pub fn repository(start: &Path) -> Option<PathBuf> {
    start.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned)
}

/// The path without `.` and `..`, as it is written: links are not followed.
fn plain(path: &Path) -> PathBuf {
    let mut all = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                all.pop();
            }
            part => all.push(part),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_alike_from_every_folder() {
        let root = Path::new("/repo/regate.yaml");
        for (here, name) in [
            ("/repo", "deploy/web.yaml"),
            ("/repo", "./deploy/web.yaml"),
            ("/repo/deploy", "web.yaml"),
            ("/repo/deploy", "../deploy/./web.yaml"),
            ("/repo/other", "/repo/deploy/web.yaml"),
        ] {
            let home = Home::find(Path::new(here), Some(root));
            assert_eq!(home.key(name), "deploy/web.yaml", "{here} {name}");
        }
        let home = Home::find(Path::new("/repo/deploy"), Some(root));
        assert_eq!(home.key("../../other/a.yaml"), "../../other/a.yaml");
        assert_eq!(home.path("waivers.yaml"), Path::new("../waivers.yaml"));
        assert_eq!(Home::find(Path::new("/repo"), Some(root)).path("waivers.yaml"), Path::new("waivers.yaml"));
    }

    #[test]
    fn settings_of_elsewhere_are_no_home() {
        let home = Home::find(Path::new("/nowhere/repo"), Some(Path::new("/etc/regate/regate.yaml")));
        assert_eq!(home.folder(), Path::new("/nowhere/repo"));
    }
}
