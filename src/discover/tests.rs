use super::*;

fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

fn names(dir: &Path, found: &Discovered) -> Vec<String> {
    let prefix = format!("{}/", dir.display());
    found.inputs.iter().map(|input| input.name.replace(&prefix, "")).collect()
}

#[test]
fn ignored_and_unknown_files_are_counted_and_hidden_ones_are_found() {
    let dir = tree(&[
        (".gitignore", "gen/\n"),
        (".regateignore", "old.yaml\n"),
        (".github/workflows/a.yaml", ""),
        (".git/config.yaml", ""),
        ("node_modules/x.json", ""),
        ("gen/a.yaml", ""),
        ("gen/b.yaml", ""),
        ("old.yaml", ""),
        ("main.tf", ""),
        ("README.md", ""),
    ]);
    let options = DiscoverOptions { paths: vec![dir.path().into(), dir.path().into()], ..DiscoverOptions::default() };
    let found = discover(&DiscoverOptions { paths: vec![dir.path().into()], ..options.clone() });
    assert_eq!(names(dir.path(), &found), [".github/workflows/a.yaml", "main.tf"]);
    assert_eq!((found.ignored, found.skipped, found.problems.len()), (3, 3, 0));
    assert_eq!(names(dir.path(), &discover(&options)).len(), 2);
    let all = discover(&DiscoverOptions { ignore: false, exclude: vec!["**/gen/**".into()], ..options });
    assert_eq!(names(dir.path(), &all), [".github/workflows/a.yaml", "main.tf", "old.yaml"]);
}

#[test]
fn a_named_file_is_read_unless_exclusion_is_forced() {
    let dir = tree(&[(".gitignore", "gen/\n"), (".git/HEAD", ""), ("gen/a.yaml", ""), ("b.yaml", ""), ("c.md", "")]);
    let paths = ["gen/a.yaml", "b.yaml", "c.md", "gone.yaml"].map(|name| dir.path().join(name)).to_vec();
    let options = DiscoverOptions { paths, ..DiscoverOptions::default() };
    let found = discover(&options);
    assert_eq!(names(dir.path(), &found), ["b.yaml", "gen/a.yaml"]);
    let said: Vec<_> = found.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(said, ["there is no parser for this file", "there is no such file"]);
    let forced = discover(&DiscoverOptions { force_exclude: true, ..options });
    assert_eq!(names(dir.path(), &forced), ["b.yaml"]);
    assert_eq!((forced.ignored, forced.skipped, forced.problems.len()), (1, 1, 1));
}

#[cfg(unix)]
#[test]
fn a_link_loop_is_told_and_ends() {
    let dir = tree(&[("a/b.yaml", "")]);
    std::os::unix::fs::symlink(dir.path(), dir.path().join("a/up")).unwrap();
    let found = discover(&DiscoverOptions { paths: vec![dir.path().into()], ..DiscoverOptions::default() });
    assert_eq!(names(dir.path(), &found), ["a/b.yaml"]);
    assert_eq!(found.problems.len(), 1);
    assert!(found.problems[0].notice);
}

#[test]
fn what_is_not_utf_8_or_too_large_or_no_file_is_refused_by_name() {
    let dir = tree(&[("big.yaml", "0123456789")]);
    let said = |name: &str, bytes: &[u8]| decode(name, bytes.to_vec()).unwrap_err().message;
    assert_eq!(said("a", b"a: 1\nb: \xE9"), "this is not UTF-8 text: byte 8 (line 2) starts no character");
    assert_eq!(said("a", b"\xFF\xFEa\0"), "this is UTF-16 text, and only UTF-8 is read");
    let input = |name: &str| Input { path: dir.path().join(name), name: name.to_owned(), size: 0 };
    assert_eq!(&**read(&input("big.yaml"), 10).unwrap().text(), "0123456789");
    let refused = |name: &str, max| read(&input(name), max).unwrap_err().message;
    assert_eq!(refused("big.yaml", 9), "this file has 10 bytes, and no more than 9 are read");
    assert_eq!(refused("", 9), "this is no regular file");
    assert_eq!(refused("gone", 9), "there is no such file");
}
