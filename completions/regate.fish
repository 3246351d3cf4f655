# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_regate_global_optspecs
    string join \n color= config= isolated h/help V/version
end

function __fish_regate_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_regate_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_regate_using_subcommand
    set -l cmd (__fish_regate_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c regate -n "__fish_regate_needs_command" -l color -d 'When to write colours' -r -f -a "auto\t'On a terminal, and in CI systems whose logs show them'
always\t'Always'
never\t'Never'"
complete -c regate -n "__fish_regate_needs_command" -l config -d 'Use this settings file instead of the `regate.yaml` found upward' -r -F
complete -c regate -n "__fish_regate_needs_command" -l isolated -d 'Use no settings file at all'
complete -c regate -n "__fish_regate_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c regate -n "__fish_regate_needs_command" -s V -l version -d 'Print version'
complete -c regate -n "__fish_regate_needs_command" -f -a "check" -d 'Check inputs against policies and give a verdict'
complete -c regate -n "__fish_regate_needs_command" -f -a "explain" -d 'Tell which rules looked at a place, what each read, and why it passed or failed'
complete -c regate -n "__fish_regate_needs_command" -f -a "parse" -d 'Show the documents of a file as policies see them, as JSON'
complete -c regate -n "__fish_regate_needs_command" -f -a "rules" -d 'List the rules, or show one as a page'
complete -c regate -n "__fish_regate_needs_command" -f -a "test" -d 'Run the unit tests of policies: rules whose name starts with `test_`'
complete -c regate -n "__fish_regate_needs_command" -f -a "waivers" -d 'List the waivers: active, ending soon, unused, and those that do not apply'
complete -c regate -n "__fish_regate_needs_command" -f -a "waive" -d 'Write a waiver into the waivers file'
complete -c regate -n "__fish_regate_needs_command" -f -a "baseline" -d 'Write the findings of today into the baseline, or show it'
complete -c regate -n "__fish_regate_needs_command" -f -a "diff" -d 'Tell what differs between two verdicts, and what of it is due to policies or inputs'
complete -c regate -n "__fish_regate_needs_command" -f -a "replay" -d 'Run again what a decision record was made of, and tell whether the verdict is the same'
complete -c regate -n "__fish_regate_needs_command" -f -a "settings" -d 'Show the settings as they were resolved, and where each is from'
complete -c regate -n "__fish_regate_needs_command" -f -a "schema" -d 'Print a JSON Schema'
complete -c regate -n "__fish_regate_needs_command" -f -a "completions" -d 'Print the completions for a shell'
complete -c regate -n "__fish_regate_needs_command" -f -a "man" -d 'Print the manual page'
complete -c regate -n "__fish_regate_using_subcommand check" -s p -l policy -d 'A folder or file of policies, or `builtin:NAME`; replaces the default, the built-in packs that fit' -r
complete -c regate -n "__fish_regate_using_subcommand check" -s n -l namespace -d 'Evaluate only the packages that this glob matches' -r
complete -c regate -n "__fish_regate_using_subcommand check" -s d -l data -d 'A file or folder of data for the policies' -r
complete -c regate -n "__fish_regate_using_subcommand check" -l allow -d 'Let policies reach out of their input: `env`, `net`, `rand`, `clock`; repeatable' -r -f -a "env\t'The environment\'s variables'
net\t'The network'
rand\t'Chance, which repeats for the same time'
clock\t'The time'"
complete -c regate -n "__fish_regate_using_subcommand check" -l policy-next -d 'Try these policies beside the others and tell what they would change; the status stays as it is' -r
complete -c regate -n "__fish_regate_using_subcommand check" -l include -d 'Check only files that match this glob' -r
complete -c regate -n "__fish_regate_using_subcommand check" -l exclude -d 'Leave out files that match this glob' -r
complete -c regate -n "__fish_regate_using_subcommand check" -l changed -d 'Check only what git says has changed since the merge base with this revision' -r
complete -c regate -n "__fish_regate_using_subcommand check" -l stdin-filename -d 'The name under which standard input is checked' -r
complete -c regate -n "__fish_regate_using_subcommand check" -l max-file-size -d 'Skip files larger than this many MiB: each is then a problem. Default 64' -r
complete -c regate -n "__fish_regate_using_subcommand check" -l fail-on -d 'The least severity that fails the gate. Default medium' -r -f -a "low\t'Worth knowing'
medium\t'Worth mending'
high\t'Not to be shipped'
critical\t'An open door'"
complete -c regate -n "__fish_regate_using_subcommand check" -l as-of -d 'The day for which the run judges, `YYYY-MM-DD` or `+30d`. Default today' -r
complete -c regate -n "__fish_regate_using_subcommand check" -l waivers -d 'The file or folder of waivers. Default `waivers.yaml` and `.regate/waivers/` beside `regate.yaml`' -r
complete -c regate -n "__fish_regate_using_subcommand check" -l env -d 'The environment that the run is for, for thresholds with `env`' -r
complete -c regate -n "__fish_regate_using_subcommand check" -l baseline -d 'The baseline\'s file. Default `.regate-baseline.json` with `--new-only`' -r
complete -c regate -n "__fish_regate_using_subcommand check" -l require -d 'Ask for at least N documents of a kind; repeatable' -r
complete -c regate -n "__fish_regate_using_subcommand check" -l require-rules -d 'Ask that at least N rules applied to a document' -r
complete -c regate -n "__fish_regate_using_subcommand check" -s o -l output -d 'A report to write: FORMAT to standard output, FORMAT=FILE to a file; repeatable' -r
complete -c regate -n "__fish_regate_using_subcommand check" -s j -l jobs -d 'Workers; default one a processor' -r
complete -c regate -n "__fish_regate_using_subcommand check" -l color -d 'When to write colours' -r -f -a "auto\t'On a terminal, and in CI systems whose logs show them'
always\t'Always'
never\t'Never'"
complete -c regate -n "__fish_regate_using_subcommand check" -l config -d 'Use this settings file instead of the `regate.yaml` found upward' -r -F
complete -c regate -n "__fish_regate_using_subcommand check" -l combine -d 'Give rules all documents at once, as a list of `{path, contents}`; built-in rules stay as they are'
complete -c regate -n "__fish_regate_using_subcommand check" -l force-exclude -d 'Apply ignore rules to files named on the command line too (for hooks)'
complete -c regate -n "__fish_regate_using_subcommand check" -l render -d 'Render Helm charts and kustomizations with the installed `helm` and `kustomize`'
complete -c regate -n "__fish_regate_using_subcommand check" -l allow-empty -d 'Let a run that checked nothing pass'
complete -c regate -n "__fish_regate_using_subcommand check" -l new-only -d 'Fail only on findings that are not in the baseline'
complete -c regate -n "__fish_regate_using_subcommand check" -l explain -d 'Show which line of which policy emitted each finding'
complete -c regate -n "__fish_regate_using_subcommand check" -s q -l quiet -d 'Write nothing to standard output unless the gate does not pass'
complete -c regate -n "__fish_regate_using_subcommand check" -s v -l verbose -d 'List waived and known findings and idle rules too'
complete -c regate -n "__fish_regate_using_subcommand check" -l stats -d 'Show on standard error what was done and how long each stage took'
complete -c regate -n "__fish_regate_using_subcommand check" -l no-progress -d 'Show no progress bar'
complete -c regate -n "__fish_regate_using_subcommand check" -l isolated -d 'Use no settings file at all'
complete -c regate -n "__fish_regate_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c regate -n "__fish_regate_using_subcommand check" -s V -l version -d 'Print version'
complete -c regate -n "__fish_regate_using_subcommand explain" -l allow -d 'Let policies reach out of their input: `env`, `net`, `rand`, `clock`; as in `check`' -r -f -a "env\t'The environment\'s variables'
net\t'The network'
rand\t'Chance, which repeats for the same time'
clock\t'The time'"
complete -c regate -n "__fish_regate_using_subcommand explain" -s p -l policy -d 'A folder or file of policies, or `builtin:NAME`; the built-in packs that fit when left out' -r
complete -c regate -n "__fish_regate_using_subcommand explain" -l color -d 'When to write colours' -r -f -a "auto\t'On a terminal, and in CI systems whose logs show them'
always\t'Always'
never\t'Never'"
complete -c regate -n "__fish_regate_using_subcommand explain" -l config -d 'Use this settings file instead of the `regate.yaml` found upward' -r -F
complete -c regate -n "__fish_regate_using_subcommand explain" -l combine -d 'Give each rule all files at once, as `check --combine` does'
complete -c regate -n "__fish_regate_using_subcommand explain" -l isolated -d 'Use no settings file at all'
complete -c regate -n "__fish_regate_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c regate -n "__fish_regate_using_subcommand explain" -s V -l version -d 'Print version'
complete -c regate -n "__fish_regate_using_subcommand parse" -l stdin-filename -d 'The name under which standard input is read' -r
complete -c regate -n "__fish_regate_using_subcommand parse" -l color -d 'When to write colours' -r -f -a "auto\t'On a terminal, and in CI systems whose logs show them'
always\t'Always'
never\t'Never'"
complete -c regate -n "__fish_regate_using_subcommand parse" -l config -d 'Use this settings file instead of the `regate.yaml` found upward' -r -F
complete -c regate -n "__fish_regate_using_subcommand parse" -l spans -d 'Add the place of every key, value and item'
complete -c regate -n "__fish_regate_using_subcommand parse" -l resolved -d 'Show Terraform with what is plain resolved'
complete -c regate -n "__fish_regate_using_subcommand parse" -l isolated -d 'Use no settings file at all'
complete -c regate -n "__fish_regate_using_subcommand parse" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c regate -n "__fish_regate_using_subcommand parse" -s V -l version -d 'Print version'
complete -c regate -n "__fish_regate_using_subcommand rules; and not __fish_seen_subcommand_from show" -s p -l policy -d 'Policies to list instead of the built-in ones' -r
complete -c regate -n "__fish_regate_using_subcommand rules; and not __fish_seen_subcommand_from show" -l color -d 'When to write colours' -r -f -a "auto\t'On a terminal, and in CI systems whose logs show them'
always\t'Always'
never\t'Never'"
complete -c regate -n "__fish_regate_using_subcommand rules; and not __fish_seen_subcommand_from show" -l config -d 'Use this settings file instead of the `regate.yaml` found upward' -r -F
complete -c regate -n "__fish_regate_using_subcommand rules; and not __fish_seen_subcommand_from show" -l json -d 'Write JSON'
complete -c regate -n "__fish_regate_using_subcommand rules; and not __fish_seen_subcommand_from show" -l isolated -d 'Use no settings file at all'
complete -c regate -n "__fish_regate_using_subcommand rules; and not __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c regate -n "__fish_regate_using_subcommand rules; and not __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c regate -n "__fish_regate_using_subcommand rules; and not __fish_seen_subcommand_from show" -f -a "show" -d 'One rule as a page'
complete -c regate -n "__fish_regate_using_subcommand rules; and __fish_seen_subcommand_from show" -s p -l policy -d 'Policies to list instead of the built-in ones' -r
complete -c regate -n "__fish_regate_using_subcommand rules; and __fish_seen_subcommand_from show" -l color -d 'When to write colours' -r -f -a "auto\t'On a terminal, and in CI systems whose logs show them'
always\t'Always'
never\t'Never'"
complete -c regate -n "__fish_regate_using_subcommand rules; and __fish_seen_subcommand_from show" -l config -d 'Use this settings file instead of the `regate.yaml` found upward' -r -F
complete -c regate -n "__fish_regate_using_subcommand rules; and __fish_seen_subcommand_from show" -l json -d 'Write JSON'
complete -c regate -n "__fish_regate_using_subcommand rules; and __fish_seen_subcommand_from show" -l isolated -d 'Use no settings file at all'
complete -c regate -n "__fish_regate_using_subcommand rules; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c regate -n "__fish_regate_using_subcommand rules; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c regate -n "__fish_regate_using_subcommand test" -s d -l data -d 'A file or folder of data for the policies; `data.json` and `data.yaml` beside them are read anyway' -r
complete -c regate -n "__fish_regate_using_subcommand test" -s r -l run -d 'Run only the tests whose name, `data.PACKAGE.RULE`, this regular expression matches' -r
complete -c regate -n "__fish_regate_using_subcommand test" -l allow -d 'Let policies and tests reach out of their input: `env`, `net`, `rand`, `clock`; as in `check`' -r -f -a "env\t'The environment\'s variables'
net\t'The network'
rand\t'Chance, which repeats for the same time'
clock\t'The time'"
complete -c regate -n "__fish_regate_using_subcommand test" -s o -l output -d 'A report to write: FORMAT to standard output, FORMAT=FILE to a file; repeatable' -r
complete -c regate -n "__fish_regate_using_subcommand test" -l color -d 'When to write colours' -r -f -a "auto\t'On a terminal, and in CI systems whose logs show them'
always\t'Always'
never\t'Never'"
complete -c regate -n "__fish_regate_using_subcommand test" -l config -d 'Use this settings file instead of the `regate.yaml` found upward' -r -F
complete -c regate -n "__fish_regate_using_subcommand test" -l coverage -d 'Tell which lines of the policies no test reached'
complete -c regate -n "__fish_regate_using_subcommand test" -s v -l verbose -d 'List the tests that pass, too, and what they print'
complete -c regate -n "__fish_regate_using_subcommand test" -l isolated -d 'Use no settings file at all'
complete -c regate -n "__fish_regate_using_subcommand test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c regate -n "__fish_regate_using_subcommand test" -s V -l version -d 'Print version'
complete -c regate -n "__fish_regate_using_subcommand waivers" -s p -l policy -d 'A folder or file of policies, or `builtin:NAME`; replaces the default, the built-in packs that fit' -r
complete -c regate -n "__fish_regate_using_subcommand waivers" -s n -l namespace -d 'Evaluate only the packages that this glob matches' -r
complete -c regate -n "__fish_regate_using_subcommand waivers" -s d -l data -d 'A file or folder of data for the policies' -r
complete -c regate -n "__fish_regate_using_subcommand waivers" -l allow -d 'Let policies reach out of their input: `env`, `net`, `rand`, `clock`; repeatable' -r -f -a "env\t'The environment\'s variables'
net\t'The network'
rand\t'Chance, which repeats for the same time'
clock\t'The time'"
complete -c regate -n "__fish_regate_using_subcommand waivers" -l policy-next -d 'Try these policies beside the others and tell what they would change; the status stays as it is' -r
complete -c regate -n "__fish_regate_using_subcommand waivers" -l include -d 'Check only files that match this glob' -r
complete -c regate -n "__fish_regate_using_subcommand waivers" -l exclude -d 'Leave out files that match this glob' -r
complete -c regate -n "__fish_regate_using_subcommand waivers" -l changed -d 'Check only what git says has changed since the merge base with this revision' -r
complete -c regate -n "__fish_regate_using_subcommand waivers" -l stdin-filename -d 'The name under which standard input is checked' -r
complete -c regate -n "__fish_regate_using_subcommand waivers" -l max-file-size -d 'Skip files larger than this many MiB: each is then a problem. Default 64' -r
complete -c regate -n "__fish_regate_using_subcommand waivers" -l fail-on -d 'The least severity that fails the gate. Default medium' -r -f -a "low\t'Worth knowing'
medium\t'Worth mending'
high\t'Not to be shipped'
critical\t'An open door'"
complete -c regate -n "__fish_regate_using_subcommand waivers" -l as-of -d 'The day for which the run judges, `YYYY-MM-DD` or `+30d`. Default today' -r
complete -c regate -n "__fish_regate_using_subcommand waivers" -l waivers -d 'The file or folder of waivers. Default `waivers.yaml` and `.regate/waivers/` beside `regate.yaml`' -r
complete -c regate -n "__fish_regate_using_subcommand waivers" -l env -d 'The environment that the run is for, for thresholds with `env`' -r
complete -c regate -n "__fish_regate_using_subcommand waivers" -l baseline -d 'The baseline\'s file. Default `.regate-baseline.json` with `--new-only`' -r
complete -c regate -n "__fish_regate_using_subcommand waivers" -l require -d 'Ask for at least N documents of a kind; repeatable' -r
complete -c regate -n "__fish_regate_using_subcommand waivers" -l require-rules -d 'Ask that at least N rules applied to a document' -r
complete -c regate -n "__fish_regate_using_subcommand waivers" -s o -l output -d 'A report to write: FORMAT to standard output, FORMAT=FILE to a file; repeatable' -r
complete -c regate -n "__fish_regate_using_subcommand waivers" -s j -l jobs -d 'Workers; default one a processor' -r
complete -c regate -n "__fish_regate_using_subcommand waivers" -l color -d 'When to write colours' -r -f -a "auto\t'On a terminal, and in CI systems whose logs show them'
always\t'Always'
never\t'Never'"
complete -c regate -n "__fish_regate_using_subcommand waivers" -l config -d 'Use this settings file instead of the `regate.yaml` found upward' -r -F
complete -c regate -n "__fish_regate_using_subcommand waivers" -l combine -d 'Give rules all documents at once, as a list of `{path, contents}`; built-in rules stay as they are'
complete -c regate -n "__fish_regate_using_subcommand waivers" -l force-exclude -d 'Apply ignore rules to files named on the command line too (for hooks)'
complete -c regate -n "__fish_regate_using_subcommand waivers" -l render -d 'Render Helm charts and kustomizations with the installed `helm` and `kustomize`'
complete -c regate -n "__fish_regate_using_subcommand waivers" -l allow-empty -d 'Let a run that checked nothing pass'
complete -c regate -n "__fish_regate_using_subcommand waivers" -l new-only -d 'Fail only on findings that are not in the baseline'
complete -c regate -n "__fish_regate_using_subcommand waivers" -l explain -d 'Show which line of which policy emitted each finding'
complete -c regate -n "__fish_regate_using_subcommand waivers" -s q -l quiet -d 'Write nothing to standard output unless the gate does not pass'
complete -c regate -n "__fish_regate_using_subcommand waivers" -s v -l verbose -d 'List waived and known findings and idle rules too'
complete -c regate -n "__fish_regate_using_subcommand waivers" -l stats -d 'Show on standard error what was done and how long each stage took'
complete -c regate -n "__fish_regate_using_subcommand waivers" -l no-progress -d 'Show no progress bar'
complete -c regate -n "__fish_regate_using_subcommand waivers" -l isolated -d 'Use no settings file at all'
complete -c regate -n "__fish_regate_using_subcommand waivers" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c regate -n "__fish_regate_using_subcommand waivers" -s V -l version -d 'Print version'
complete -c regate -n "__fish_regate_using_subcommand waive" -l reason -d 'Why it is accepted' -r
complete -c regate -n "__fish_regate_using_subcommand waive" -l until -d 'The last day, `YYYY-MM-DD`' -r
complete -c regate -n "__fish_regate_using_subcommand waive" -l owner -d 'Who answers for it; git\'s `user.name` when left out' -r
complete -c regate -n "__fish_regate_using_subcommand waive" -l approver -d 'Who approved it' -r
complete -c regate -n "__fish_regate_using_subcommand waive" -l ticket -d 'Where it is discussed' -r
complete -c regate -n "__fish_regate_using_subcommand waive" -l path -d 'In which files, a glob' -r
complete -c regate -n "__fish_regate_using_subcommand waive" -l resource -d 'On which resource, a glob: `Deployment/shop/web`' -r
complete -c regate -n "__fish_regate_using_subcommand waive" -l waivers -d 'The file to write to; that of the settings, or `waivers.yaml` beside them, when left out' -r -F
complete -c regate -n "__fish_regate_using_subcommand waive" -l color -d 'When to write colours' -r -f -a "auto\t'On a terminal, and in CI systems whose logs show them'
always\t'Always'
never\t'Never'"
complete -c regate -n "__fish_regate_using_subcommand waive" -l config -d 'Use this settings file instead of the `regate.yaml` found upward' -r -F
complete -c regate -n "__fish_regate_using_subcommand waive" -l isolated -d 'Use no settings file at all'
complete -c regate -n "__fish_regate_using_subcommand waive" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c regate -n "__fish_regate_using_subcommand waive" -s V -l version -d 'Print version'
complete -c regate -n "__fish_regate_using_subcommand baseline; and not __fish_seen_subcommand_from update show" -l color -d 'When to write colours' -r -f -a "auto\t'On a terminal, and in CI systems whose logs show them'
always\t'Always'
never\t'Never'"
complete -c regate -n "__fish_regate_using_subcommand baseline; and not __fish_seen_subcommand_from update show" -l config -d 'Use this settings file instead of the `regate.yaml` found upward' -r -F
complete -c regate -n "__fish_regate_using_subcommand baseline; and not __fish_seen_subcommand_from update show" -l isolated -d 'Use no settings file at all'
complete -c regate -n "__fish_regate_using_subcommand baseline; and not __fish_seen_subcommand_from update show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c regate -n "__fish_regate_using_subcommand baseline; and not __fish_seen_subcommand_from update show" -s V -l version -d 'Print version'
complete -c regate -n "__fish_regate_using_subcommand baseline; and not __fish_seen_subcommand_from update show" -f -a "update" -d 'Check, and write all that fails or warns today into it'
complete -c regate -n "__fish_regate_using_subcommand baseline; and not __fish_seen_subcommand_from update show" -f -a "show" -d 'List it'
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -s p -l policy -d 'A folder or file of policies, or `builtin:NAME`; replaces the default, the built-in packs that fit' -r
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -s n -l namespace -d 'Evaluate only the packages that this glob matches' -r
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -s d -l data -d 'A file or folder of data for the policies' -r
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -l allow -d 'Let policies reach out of their input: `env`, `net`, `rand`, `clock`; repeatable' -r -f -a "env\t'The environment\'s variables'
net\t'The network'
rand\t'Chance, which repeats for the same time'
clock\t'The time'"
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -l policy-next -d 'Try these policies beside the others and tell what they would change; the status stays as it is' -r
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -l include -d 'Check only files that match this glob' -r
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -l exclude -d 'Leave out files that match this glob' -r
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -l changed -d 'Check only what git says has changed since the merge base with this revision' -r
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -l stdin-filename -d 'The name under which standard input is checked' -r
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -l max-file-size -d 'Skip files larger than this many MiB: each is then a problem. Default 64' -r
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -l fail-on -d 'The least severity that fails the gate. Default medium' -r -f -a "low\t'Worth knowing'
medium\t'Worth mending'
high\t'Not to be shipped'
critical\t'An open door'"
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -l as-of -d 'The day for which the run judges, `YYYY-MM-DD` or `+30d`. Default today' -r
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -l waivers -d 'The file or folder of waivers. Default `waivers.yaml` and `.regate/waivers/` beside `regate.yaml`' -r
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -l env -d 'The environment that the run is for, for thresholds with `env`' -r
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -l baseline -d 'The baseline\'s file. Default `.regate-baseline.json` with `--new-only`' -r
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -l require -d 'Ask for at least N documents of a kind; repeatable' -r
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -l require-rules -d 'Ask that at least N rules applied to a document' -r
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -s o -l output -d 'A report to write: FORMAT to standard output, FORMAT=FILE to a file; repeatable' -r
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -s j -l jobs -d 'Workers; default one a processor' -r
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -l color -d 'When to write colours' -r -f -a "auto\t'On a terminal, and in CI systems whose logs show them'
always\t'Always'
never\t'Never'"
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -l config -d 'Use this settings file instead of the `regate.yaml` found upward' -r -F
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -l combine -d 'Give rules all documents at once, as a list of `{path, contents}`; built-in rules stay as they are'
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -l force-exclude -d 'Apply ignore rules to files named on the command line too (for hooks)'
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -l render -d 'Render Helm charts and kustomizations with the installed `helm` and `kustomize`'
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -l allow-empty -d 'Let a run that checked nothing pass'
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -l new-only -d 'Fail only on findings that are not in the baseline'
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -l explain -d 'Show which line of which policy emitted each finding'
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -s q -l quiet -d 'Write nothing to standard output unless the gate does not pass'
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -s v -l verbose -d 'List waived and known findings and idle rules too'
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -l stats -d 'Show on standard error what was done and how long each stage took'
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -l no-progress -d 'Show no progress bar'
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -l isolated -d 'Use no settings file at all'
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from update" -s V -l version -d 'Print version'
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from show" -l color -d 'When to write colours' -r -f -a "auto\t'On a terminal, and in CI systems whose logs show them'
always\t'Always'
never\t'Never'"
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from show" -l config -d 'Use this settings file instead of the `regate.yaml` found upward' -r -F
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from show" -l isolated -d 'Use no settings file at all'
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c regate -n "__fish_regate_using_subcommand baseline; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c regate -n "__fish_regate_using_subcommand diff" -l color -d 'When to write colours' -r -f -a "auto\t'On a terminal, and in CI systems whose logs show them'
always\t'Always'
never\t'Never'"
complete -c regate -n "__fish_regate_using_subcommand diff" -l config -d 'Use this settings file instead of the `regate.yaml` found upward' -r -F
complete -c regate -n "__fish_regate_using_subcommand diff" -l json -d 'Write JSON'
complete -c regate -n "__fish_regate_using_subcommand diff" -l isolated -d 'Use no settings file at all'
complete -c regate -n "__fish_regate_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c regate -n "__fish_regate_using_subcommand diff" -s V -l version -d 'Print version'
complete -c regate -n "__fish_regate_using_subcommand replay" -s j -l jobs -d 'Workers; default one a processor' -r
complete -c regate -n "__fish_regate_using_subcommand replay" -l color -d 'When to write colours' -r -f -a "auto\t'On a terminal, and in CI systems whose logs show them'
always\t'Always'
never\t'Never'"
complete -c regate -n "__fish_regate_using_subcommand replay" -l config -d 'Use this settings file instead of the `regate.yaml` found upward' -r -F
complete -c regate -n "__fish_regate_using_subcommand replay" -l render -d 'Render charts and kustomizations again, if the run of the record did'
complete -c regate -n "__fish_regate_using_subcommand replay" -l json -d 'Write JSON'
complete -c regate -n "__fish_regate_using_subcommand replay" -l isolated -d 'Use no settings file at all'
complete -c regate -n "__fish_regate_using_subcommand replay" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c regate -n "__fish_regate_using_subcommand replay" -s V -l version -d 'Print version'
complete -c regate -n "__fish_regate_using_subcommand settings" -s p -l policy -d 'A folder or file of policies, or `builtin:NAME`; replaces the default, the built-in packs that fit' -r
complete -c regate -n "__fish_regate_using_subcommand settings" -s n -l namespace -d 'Evaluate only the packages that this glob matches' -r
complete -c regate -n "__fish_regate_using_subcommand settings" -s d -l data -d 'A file or folder of data for the policies' -r
complete -c regate -n "__fish_regate_using_subcommand settings" -l allow -d 'Let policies reach out of their input: `env`, `net`, `rand`, `clock`; repeatable' -r -f -a "env\t'The environment\'s variables'
net\t'The network'
rand\t'Chance, which repeats for the same time'
clock\t'The time'"
complete -c regate -n "__fish_regate_using_subcommand settings" -l policy-next -d 'Try these policies beside the others and tell what they would change; the status stays as it is' -r
complete -c regate -n "__fish_regate_using_subcommand settings" -l include -d 'Check only files that match this glob' -r
complete -c regate -n "__fish_regate_using_subcommand settings" -l exclude -d 'Leave out files that match this glob' -r
complete -c regate -n "__fish_regate_using_subcommand settings" -l changed -d 'Check only what git says has changed since the merge base with this revision' -r
complete -c regate -n "__fish_regate_using_subcommand settings" -l stdin-filename -d 'The name under which standard input is checked' -r
complete -c regate -n "__fish_regate_using_subcommand settings" -l max-file-size -d 'Skip files larger than this many MiB: each is then a problem. Default 64' -r
complete -c regate -n "__fish_regate_using_subcommand settings" -l fail-on -d 'The least severity that fails the gate. Default medium' -r -f -a "low\t'Worth knowing'
medium\t'Worth mending'
high\t'Not to be shipped'
critical\t'An open door'"
complete -c regate -n "__fish_regate_using_subcommand settings" -l as-of -d 'The day for which the run judges, `YYYY-MM-DD` or `+30d`. Default today' -r
complete -c regate -n "__fish_regate_using_subcommand settings" -l waivers -d 'The file or folder of waivers. Default `waivers.yaml` and `.regate/waivers/` beside `regate.yaml`' -r
complete -c regate -n "__fish_regate_using_subcommand settings" -l env -d 'The environment that the run is for, for thresholds with `env`' -r
complete -c regate -n "__fish_regate_using_subcommand settings" -l baseline -d 'The baseline\'s file. Default `.regate-baseline.json` with `--new-only`' -r
complete -c regate -n "__fish_regate_using_subcommand settings" -l require -d 'Ask for at least N documents of a kind; repeatable' -r
complete -c regate -n "__fish_regate_using_subcommand settings" -l require-rules -d 'Ask that at least N rules applied to a document' -r
complete -c regate -n "__fish_regate_using_subcommand settings" -s o -l output -d 'A report to write: FORMAT to standard output, FORMAT=FILE to a file; repeatable' -r
complete -c regate -n "__fish_regate_using_subcommand settings" -s j -l jobs -d 'Workers; default one a processor' -r
complete -c regate -n "__fish_regate_using_subcommand settings" -l color -d 'When to write colours' -r -f -a "auto\t'On a terminal, and in CI systems whose logs show them'
always\t'Always'
never\t'Never'"
complete -c regate -n "__fish_regate_using_subcommand settings" -l config -d 'Use this settings file instead of the `regate.yaml` found upward' -r -F
complete -c regate -n "__fish_regate_using_subcommand settings" -l combine -d 'Give rules all documents at once, as a list of `{path, contents}`; built-in rules stay as they are'
complete -c regate -n "__fish_regate_using_subcommand settings" -l force-exclude -d 'Apply ignore rules to files named on the command line too (for hooks)'
complete -c regate -n "__fish_regate_using_subcommand settings" -l render -d 'Render Helm charts and kustomizations with the installed `helm` and `kustomize`'
complete -c regate -n "__fish_regate_using_subcommand settings" -l allow-empty -d 'Let a run that checked nothing pass'
complete -c regate -n "__fish_regate_using_subcommand settings" -l new-only -d 'Fail only on findings that are not in the baseline'
complete -c regate -n "__fish_regate_using_subcommand settings" -l explain -d 'Show which line of which policy emitted each finding'
complete -c regate -n "__fish_regate_using_subcommand settings" -s q -l quiet -d 'Write nothing to standard output unless the gate does not pass'
complete -c regate -n "__fish_regate_using_subcommand settings" -s v -l verbose -d 'List waived and known findings and idle rules too'
complete -c regate -n "__fish_regate_using_subcommand settings" -l stats -d 'Show on standard error what was done and how long each stage took'
complete -c regate -n "__fish_regate_using_subcommand settings" -l no-progress -d 'Show no progress bar'
complete -c regate -n "__fish_regate_using_subcommand settings" -l isolated -d 'Use no settings file at all'
complete -c regate -n "__fish_regate_using_subcommand settings" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c regate -n "__fish_regate_using_subcommand settings" -s V -l version -d 'Print version'
complete -c regate -n "__fish_regate_using_subcommand schema" -l color -d 'When to write colours' -r -f -a "auto\t'On a terminal, and in CI systems whose logs show them'
always\t'Always'
never\t'Never'"
complete -c regate -n "__fish_regate_using_subcommand schema" -l config -d 'Use this settings file instead of the `regate.yaml` found upward' -r -F
complete -c regate -n "__fish_regate_using_subcommand schema" -l isolated -d 'Use no settings file at all'
complete -c regate -n "__fish_regate_using_subcommand schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c regate -n "__fish_regate_using_subcommand schema" -s V -l version -d 'Print version'
complete -c regate -n "__fish_regate_using_subcommand completions" -l color -d 'When to write colours' -r -f -a "auto\t'On a terminal, and in CI systems whose logs show them'
always\t'Always'
never\t'Never'"
complete -c regate -n "__fish_regate_using_subcommand completions" -l config -d 'Use this settings file instead of the `regate.yaml` found upward' -r -F
complete -c regate -n "__fish_regate_using_subcommand completions" -l isolated -d 'Use no settings file at all'
complete -c regate -n "__fish_regate_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c regate -n "__fish_regate_using_subcommand completions" -s V -l version -d 'Print version'
complete -c regate -n "__fish_regate_using_subcommand man" -l color -d 'When to write colours' -r -f -a "auto\t'On a terminal, and in CI systems whose logs show them'
always\t'Always'
never\t'Never'"
complete -c regate -n "__fish_regate_using_subcommand man" -l config -d 'Use this settings file instead of the `regate.yaml` found upward' -r -F
complete -c regate -n "__fish_regate_using_subcommand man" -l isolated -d 'Use no settings file at all'
complete -c regate -n "__fish_regate_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c regate -n "__fish_regate_using_subcommand man" -s V -l version -d 'Print version'
