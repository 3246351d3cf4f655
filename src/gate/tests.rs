use super::*;

#[test]
fn a_file_that_vanishes_while_the_run_reads_is_a_problem_and_the_others_are_checked() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for name in ["a.yaml", "b.yaml", "c.yaml"] {
        std::fs::write(path(name), "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n").unwrap();
    }
    let request = Request {
        discover: DiscoverOptions { paths: vec![folder.path().into()], ..DiscoverOptions::default() },
        threads: 1,
        ..Request::default()
    };
    // Found were all three; when the first has been read, the last is gone.
    let (verdict, _) = run(&request, &|done, _| {
        if done == 1 {
            std::fs::remove_file(path("c.yaml")).unwrap();
        }
    })
    .unwrap();
    let told: Vec<_> =
        verdict.problems.iter().map(|one| (one.file.ends_with("c.yaml"), one.message.as_str())).collect();
    assert_eq!(told, [(true, "there is no such file")]);
    assert_eq!((verdict.counts.files, verdict.counts.unreadable), (2, 1));
    assert_eq!(verdict.status, crate::judge::Status::Undecided);
}
