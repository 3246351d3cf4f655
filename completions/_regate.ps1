
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'regate' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'regate'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'regate' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this settings file instead of the `regate.yaml` found upward')
            [CompletionResult]::new('--isolated', '--isolated', [CompletionResultType]::ParameterName, 'Use no settings file at all')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check inputs against policies and give a verdict')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Tell which rules looked at a place, what each read, and why it passed or failed')
            [CompletionResult]::new('parse', 'parse', [CompletionResultType]::ParameterValue, 'Show the documents of a file as policies see them, as JSON')
            [CompletionResult]::new('rules', 'rules', [CompletionResultType]::ParameterValue, 'List the rules, or show one as a page')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Run the unit tests of policies: rules whose name starts with `test_`')
            [CompletionResult]::new('waivers', 'waivers', [CompletionResultType]::ParameterValue, 'List the waivers: active, ending soon, unused, and those that do not apply')
            [CompletionResult]::new('waive', 'waive', [CompletionResultType]::ParameterValue, 'Write a waiver into the waivers file')
            [CompletionResult]::new('baseline', 'baseline', [CompletionResultType]::ParameterValue, 'Write the findings of today into the baseline, or show it')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Tell what differs between two verdicts, and what of it is due to policies or inputs')
            [CompletionResult]::new('replay', 'replay', [CompletionResultType]::ParameterValue, 'Run again what a decision record was made of, and tell whether the verdict is the same')
            [CompletionResult]::new('settings', 'settings', [CompletionResultType]::ParameterValue, 'Show the settings as they were resolved, and where each is from')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print a JSON Schema')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completions for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page')
            break
        }
        'regate;check' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'A folder or file of policies, or `builtin:NAME`; replaces the default, the built-in packs that fit')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'A folder or file of policies, or `builtin:NAME`; replaces the default, the built-in packs that fit')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Evaluate only the packages that this glob matches')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Evaluate only the packages that this glob matches')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'A file or folder of data for the policies')
            [CompletionResult]::new('--data', '--data', [CompletionResultType]::ParameterName, 'A file or folder of data for the policies')
            [CompletionResult]::new('--policy-next', '--policy-next', [CompletionResultType]::ParameterName, 'Try these policies beside the others and tell what they would change; the status stays as it is')
            [CompletionResult]::new('--include', '--include', [CompletionResultType]::ParameterName, 'Check only files that match this glob')
            [CompletionResult]::new('--exclude', '--exclude', [CompletionResultType]::ParameterName, 'Leave out files that match this glob')
            [CompletionResult]::new('--changed', '--changed', [CompletionResultType]::ParameterName, 'Check only what git says has changed since the merge base with this revision')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'The name under which standard input is checked')
            [CompletionResult]::new('--max-file-size', '--max-file-size', [CompletionResultType]::ParameterName, 'Skip files larger than this many MiB: each is then a problem. Default 64')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'The least severity that fails the gate. Default medium')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day for which the run judges, `YYYY-MM-DD` or `+30d`. Default today')
            [CompletionResult]::new('--waivers', '--waivers', [CompletionResultType]::ParameterName, 'The file or folder of waivers. Default `waivers.yaml` and `.regate/waivers/` beside `regate.yaml`')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment that the run is for, for thresholds with `env`')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'The baseline''s file. Default `.regate-baseline.json` with `--new-only`')
            [CompletionResult]::new('--require', '--require', [CompletionResultType]::ParameterName, 'Ask for at least N documents of a kind; repeatable')
            [CompletionResult]::new('--require-rules', '--require-rules', [CompletionResultType]::ParameterName, 'Ask that at least N rules applied to a document')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'A report to write: FORMAT to standard output, FORMAT=FILE to a file; repeatable')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'A report to write: FORMAT to standard output, FORMAT=FILE to a file; repeatable')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Workers; default one a processor')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Workers; default one a processor')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this settings file instead of the `regate.yaml` found upward')
            [CompletionResult]::new('--combine', '--combine', [CompletionResultType]::ParameterName, 'Give rules all documents at once, as a list of `{path, contents}`; built-in rules stay as they are')
            [CompletionResult]::new('--force-exclude', '--force-exclude', [CompletionResultType]::ParameterName, 'Apply ignore rules to files named on the command line too (for hooks)')
            [CompletionResult]::new('--render', '--render', [CompletionResultType]::ParameterName, 'Render Helm charts and kustomizations with the installed `helm` and `kustomize`')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Let a run that checked nothing pass')
            [CompletionResult]::new('--new-only', '--new-only', [CompletionResultType]::ParameterName, 'Fail only on findings that are not in the baseline')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Show which line of which policy emitted each finding')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write nothing to standard output unless the gate does not pass')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write nothing to standard output unless the gate does not pass')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'List waived and known findings and idle rules too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'List waived and known findings and idle rules too')
            [CompletionResult]::new('--stats', '--stats', [CompletionResultType]::ParameterName, 'Show on standard error what was done and how long each stage took')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('--isolated', '--isolated', [CompletionResultType]::ParameterName, 'Use no settings file at all')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'regate;explain' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'A folder or file of policies, or `builtin:NAME`; the built-in packs that fit when left out')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'A folder or file of policies, or `builtin:NAME`; the built-in packs that fit when left out')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this settings file instead of the `regate.yaml` found upward')
            [CompletionResult]::new('--isolated', '--isolated', [CompletionResultType]::ParameterName, 'Use no settings file at all')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'regate;parse' {
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'The name under which standard input is read')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this settings file instead of the `regate.yaml` found upward')
            [CompletionResult]::new('--spans', '--spans', [CompletionResultType]::ParameterName, 'Add the place of every key, value and item')
            [CompletionResult]::new('--resolved', '--resolved', [CompletionResultType]::ParameterName, 'Show Terraform with what is plain resolved')
            [CompletionResult]::new('--isolated', '--isolated', [CompletionResultType]::ParameterName, 'Use no settings file at all')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'regate;rules' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Policies to list instead of the built-in ones')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'Policies to list instead of the built-in ones')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this settings file instead of the `regate.yaml` found upward')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON')
            [CompletionResult]::new('--isolated', '--isolated', [CompletionResultType]::ParameterName, 'Use no settings file at all')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'One rule as a page')
            break
        }
        'regate;rules;show' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Policies to list instead of the built-in ones')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'Policies to list instead of the built-in ones')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this settings file instead of the `regate.yaml` found upward')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON')
            [CompletionResult]::new('--isolated', '--isolated', [CompletionResultType]::ParameterName, 'Use no settings file at all')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'regate;test' {
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'A file or folder of data for the policies; `data.json` and `data.yaml` beside them are read anyway')
            [CompletionResult]::new('--data', '--data', [CompletionResultType]::ParameterName, 'A file or folder of data for the policies; `data.json` and `data.yaml` beside them are read anyway')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Run only the tests whose name, `data.PACKAGE.RULE`, this regular expression matches')
            [CompletionResult]::new('--run', '--run', [CompletionResultType]::ParameterName, 'Run only the tests whose name, `data.PACKAGE.RULE`, this regular expression matches')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Let tests use what the gate does not grant to policies; repeatable')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'A report to write: FORMAT to standard output, FORMAT=FILE to a file; repeatable')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'A report to write: FORMAT to standard output, FORMAT=FILE to a file; repeatable')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this settings file instead of the `regate.yaml` found upward')
            [CompletionResult]::new('--coverage', '--coverage', [CompletionResultType]::ParameterName, 'Tell which lines of the policies no test reached')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'List the tests that pass, too, and what they print')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'List the tests that pass, too, and what they print')
            [CompletionResult]::new('--isolated', '--isolated', [CompletionResultType]::ParameterName, 'Use no settings file at all')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'regate;waivers' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'A folder or file of policies, or `builtin:NAME`; replaces the default, the built-in packs that fit')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'A folder or file of policies, or `builtin:NAME`; replaces the default, the built-in packs that fit')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Evaluate only the packages that this glob matches')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Evaluate only the packages that this glob matches')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'A file or folder of data for the policies')
            [CompletionResult]::new('--data', '--data', [CompletionResultType]::ParameterName, 'A file or folder of data for the policies')
            [CompletionResult]::new('--policy-next', '--policy-next', [CompletionResultType]::ParameterName, 'Try these policies beside the others and tell what they would change; the status stays as it is')
            [CompletionResult]::new('--include', '--include', [CompletionResultType]::ParameterName, 'Check only files that match this glob')
            [CompletionResult]::new('--exclude', '--exclude', [CompletionResultType]::ParameterName, 'Leave out files that match this glob')
            [CompletionResult]::new('--changed', '--changed', [CompletionResultType]::ParameterName, 'Check only what git says has changed since the merge base with this revision')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'The name under which standard input is checked')
            [CompletionResult]::new('--max-file-size', '--max-file-size', [CompletionResultType]::ParameterName, 'Skip files larger than this many MiB: each is then a problem. Default 64')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'The least severity that fails the gate. Default medium')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day for which the run judges, `YYYY-MM-DD` or `+30d`. Default today')
            [CompletionResult]::new('--waivers', '--waivers', [CompletionResultType]::ParameterName, 'The file or folder of waivers. Default `waivers.yaml` and `.regate/waivers/` beside `regate.yaml`')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment that the run is for, for thresholds with `env`')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'The baseline''s file. Default `.regate-baseline.json` with `--new-only`')
            [CompletionResult]::new('--require', '--require', [CompletionResultType]::ParameterName, 'Ask for at least N documents of a kind; repeatable')
            [CompletionResult]::new('--require-rules', '--require-rules', [CompletionResultType]::ParameterName, 'Ask that at least N rules applied to a document')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'A report to write: FORMAT to standard output, FORMAT=FILE to a file; repeatable')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'A report to write: FORMAT to standard output, FORMAT=FILE to a file; repeatable')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Workers; default one a processor')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Workers; default one a processor')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this settings file instead of the `regate.yaml` found upward')
            [CompletionResult]::new('--combine', '--combine', [CompletionResultType]::ParameterName, 'Give rules all documents at once, as a list of `{path, contents}`; built-in rules stay as they are')
            [CompletionResult]::new('--force-exclude', '--force-exclude', [CompletionResultType]::ParameterName, 'Apply ignore rules to files named on the command line too (for hooks)')
            [CompletionResult]::new('--render', '--render', [CompletionResultType]::ParameterName, 'Render Helm charts and kustomizations with the installed `helm` and `kustomize`')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Let a run that checked nothing pass')
            [CompletionResult]::new('--new-only', '--new-only', [CompletionResultType]::ParameterName, 'Fail only on findings that are not in the baseline')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Show which line of which policy emitted each finding')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write nothing to standard output unless the gate does not pass')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write nothing to standard output unless the gate does not pass')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'List waived and known findings and idle rules too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'List waived and known findings and idle rules too')
            [CompletionResult]::new('--stats', '--stats', [CompletionResultType]::ParameterName, 'Show on standard error what was done and how long each stage took')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('--isolated', '--isolated', [CompletionResultType]::ParameterName, 'Use no settings file at all')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'regate;waive' {
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why it is accepted')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'The last day, `YYYY-MM-DD`')
            [CompletionResult]::new('--owner', '--owner', [CompletionResultType]::ParameterName, 'Who answers for it; git''s `user.name` when left out')
            [CompletionResult]::new('--approver', '--approver', [CompletionResultType]::ParameterName, 'Who approved it')
            [CompletionResult]::new('--ticket', '--ticket', [CompletionResultType]::ParameterName, 'Where it is discussed')
            [CompletionResult]::new('--path', '--path', [CompletionResultType]::ParameterName, 'In which files, a glob')
            [CompletionResult]::new('--resource', '--resource', [CompletionResultType]::ParameterName, 'On which resource, a glob: `Deployment/shop/web`')
            [CompletionResult]::new('--waivers', '--waivers', [CompletionResultType]::ParameterName, 'The file to write to; that of the settings, or `waivers.yaml` beside them, when left out')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this settings file instead of the `regate.yaml` found upward')
            [CompletionResult]::new('--isolated', '--isolated', [CompletionResultType]::ParameterName, 'Use no settings file at all')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'regate;baseline' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this settings file instead of the `regate.yaml` found upward')
            [CompletionResult]::new('--isolated', '--isolated', [CompletionResultType]::ParameterName, 'Use no settings file at all')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Check, and write all that fails or warns today into it')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'List it')
            break
        }
        'regate;baseline;update' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'A folder or file of policies, or `builtin:NAME`; replaces the default, the built-in packs that fit')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'A folder or file of policies, or `builtin:NAME`; replaces the default, the built-in packs that fit')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Evaluate only the packages that this glob matches')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Evaluate only the packages that this glob matches')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'A file or folder of data for the policies')
            [CompletionResult]::new('--data', '--data', [CompletionResultType]::ParameterName, 'A file or folder of data for the policies')
            [CompletionResult]::new('--policy-next', '--policy-next', [CompletionResultType]::ParameterName, 'Try these policies beside the others and tell what they would change; the status stays as it is')
            [CompletionResult]::new('--include', '--include', [CompletionResultType]::ParameterName, 'Check only files that match this glob')
            [CompletionResult]::new('--exclude', '--exclude', [CompletionResultType]::ParameterName, 'Leave out files that match this glob')
            [CompletionResult]::new('--changed', '--changed', [CompletionResultType]::ParameterName, 'Check only what git says has changed since the merge base with this revision')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'The name under which standard input is checked')
            [CompletionResult]::new('--max-file-size', '--max-file-size', [CompletionResultType]::ParameterName, 'Skip files larger than this many MiB: each is then a problem. Default 64')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'The least severity that fails the gate. Default medium')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day for which the run judges, `YYYY-MM-DD` or `+30d`. Default today')
            [CompletionResult]::new('--waivers', '--waivers', [CompletionResultType]::ParameterName, 'The file or folder of waivers. Default `waivers.yaml` and `.regate/waivers/` beside `regate.yaml`')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment that the run is for, for thresholds with `env`')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'The baseline''s file. Default `.regate-baseline.json` with `--new-only`')
            [CompletionResult]::new('--require', '--require', [CompletionResultType]::ParameterName, 'Ask for at least N documents of a kind; repeatable')
            [CompletionResult]::new('--require-rules', '--require-rules', [CompletionResultType]::ParameterName, 'Ask that at least N rules applied to a document')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'A report to write: FORMAT to standard output, FORMAT=FILE to a file; repeatable')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'A report to write: FORMAT to standard output, FORMAT=FILE to a file; repeatable')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Workers; default one a processor')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Workers; default one a processor')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this settings file instead of the `regate.yaml` found upward')
            [CompletionResult]::new('--combine', '--combine', [CompletionResultType]::ParameterName, 'Give rules all documents at once, as a list of `{path, contents}`; built-in rules stay as they are')
            [CompletionResult]::new('--force-exclude', '--force-exclude', [CompletionResultType]::ParameterName, 'Apply ignore rules to files named on the command line too (for hooks)')
            [CompletionResult]::new('--render', '--render', [CompletionResultType]::ParameterName, 'Render Helm charts and kustomizations with the installed `helm` and `kustomize`')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Let a run that checked nothing pass')
            [CompletionResult]::new('--new-only', '--new-only', [CompletionResultType]::ParameterName, 'Fail only on findings that are not in the baseline')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Show which line of which policy emitted each finding')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write nothing to standard output unless the gate does not pass')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write nothing to standard output unless the gate does not pass')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'List waived and known findings and idle rules too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'List waived and known findings and idle rules too')
            [CompletionResult]::new('--stats', '--stats', [CompletionResultType]::ParameterName, 'Show on standard error what was done and how long each stage took')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('--isolated', '--isolated', [CompletionResultType]::ParameterName, 'Use no settings file at all')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'regate;baseline;show' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this settings file instead of the `regate.yaml` found upward')
            [CompletionResult]::new('--isolated', '--isolated', [CompletionResultType]::ParameterName, 'Use no settings file at all')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'regate;diff' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this settings file instead of the `regate.yaml` found upward')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON')
            [CompletionResult]::new('--isolated', '--isolated', [CompletionResultType]::ParameterName, 'Use no settings file at all')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'regate;replay' {
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Workers; default one a processor')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Workers; default one a processor')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this settings file instead of the `regate.yaml` found upward')
            [CompletionResult]::new('--render', '--render', [CompletionResultType]::ParameterName, 'Render charts and kustomizations again, if the run of the record did')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON')
            [CompletionResult]::new('--isolated', '--isolated', [CompletionResultType]::ParameterName, 'Use no settings file at all')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'regate;settings' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'A folder or file of policies, or `builtin:NAME`; replaces the default, the built-in packs that fit')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'A folder or file of policies, or `builtin:NAME`; replaces the default, the built-in packs that fit')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Evaluate only the packages that this glob matches')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Evaluate only the packages that this glob matches')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'A file or folder of data for the policies')
            [CompletionResult]::new('--data', '--data', [CompletionResultType]::ParameterName, 'A file or folder of data for the policies')
            [CompletionResult]::new('--policy-next', '--policy-next', [CompletionResultType]::ParameterName, 'Try these policies beside the others and tell what they would change; the status stays as it is')
            [CompletionResult]::new('--include', '--include', [CompletionResultType]::ParameterName, 'Check only files that match this glob')
            [CompletionResult]::new('--exclude', '--exclude', [CompletionResultType]::ParameterName, 'Leave out files that match this glob')
            [CompletionResult]::new('--changed', '--changed', [CompletionResultType]::ParameterName, 'Check only what git says has changed since the merge base with this revision')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'The name under which standard input is checked')
            [CompletionResult]::new('--max-file-size', '--max-file-size', [CompletionResultType]::ParameterName, 'Skip files larger than this many MiB: each is then a problem. Default 64')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'The least severity that fails the gate. Default medium')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day for which the run judges, `YYYY-MM-DD` or `+30d`. Default today')
            [CompletionResult]::new('--waivers', '--waivers', [CompletionResultType]::ParameterName, 'The file or folder of waivers. Default `waivers.yaml` and `.regate/waivers/` beside `regate.yaml`')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment that the run is for, for thresholds with `env`')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'The baseline''s file. Default `.regate-baseline.json` with `--new-only`')
            [CompletionResult]::new('--require', '--require', [CompletionResultType]::ParameterName, 'Ask for at least N documents of a kind; repeatable')
            [CompletionResult]::new('--require-rules', '--require-rules', [CompletionResultType]::ParameterName, 'Ask that at least N rules applied to a document')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'A report to write: FORMAT to standard output, FORMAT=FILE to a file; repeatable')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'A report to write: FORMAT to standard output, FORMAT=FILE to a file; repeatable')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Workers; default one a processor')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Workers; default one a processor')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this settings file instead of the `regate.yaml` found upward')
            [CompletionResult]::new('--combine', '--combine', [CompletionResultType]::ParameterName, 'Give rules all documents at once, as a list of `{path, contents}`; built-in rules stay as they are')
            [CompletionResult]::new('--force-exclude', '--force-exclude', [CompletionResultType]::ParameterName, 'Apply ignore rules to files named on the command line too (for hooks)')
            [CompletionResult]::new('--render', '--render', [CompletionResultType]::ParameterName, 'Render Helm charts and kustomizations with the installed `helm` and `kustomize`')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Let a run that checked nothing pass')
            [CompletionResult]::new('--new-only', '--new-only', [CompletionResultType]::ParameterName, 'Fail only on findings that are not in the baseline')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Show which line of which policy emitted each finding')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write nothing to standard output unless the gate does not pass')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write nothing to standard output unless the gate does not pass')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'List waived and known findings and idle rules too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'List waived and known findings and idle rules too')
            [CompletionResult]::new('--stats', '--stats', [CompletionResultType]::ParameterName, 'Show on standard error what was done and how long each stage took')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('--isolated', '--isolated', [CompletionResultType]::ParameterName, 'Use no settings file at all')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'regate;schema' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this settings file instead of the `regate.yaml` found upward')
            [CompletionResult]::new('--isolated', '--isolated', [CompletionResultType]::ParameterName, 'Use no settings file at all')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'regate;completions' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this settings file instead of the `regate.yaml` found upward')
            [CompletionResult]::new('--isolated', '--isolated', [CompletionResultType]::ParameterName, 'Use no settings file at all')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'regate;man' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this settings file instead of the `regate.yaml` found upward')
            [CompletionResult]::new('--isolated', '--isolated', [CompletionResultType]::ParameterName, 'Use no settings file at all')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
