import type { Candidate } from './candidates.ts';
import type { KnownWords, Place } from './known-words.ts';

/** The same answers as the other scripts give, in fish's own language. */
export const fishScript = ({ commands, options, shared, values, taking }: KnownWords): string => `# fish completion of mcp-portal

function __mcp_portal_commands
    switch $argv[1]
${cases(commands)}
        case '*'
            return 1
    end
end

function __mcp_portal_options
    switch $argv[1]
${cases(options)}
        case '*'
            return 1
    end
    ${printed(shared)}
end

function __mcp_portal_values
    switch $argv[1]
${cases(values)}
        case '*'
            return 1
    end
end

# The word at the cursor, then the words before it.
function __mcp_portal_candidates
    set -l current $argv[1]
    set -l words $argv[2..-1]
    set -l named ''
    set -l before ''
    set -l skip ''
    for word in $words
        set before $word
        if test -n "$skip"
            set skip ''
            continue
        end
        switch $word
            case '--'
                set named --
                break
            case ${taking.map(quoted).join(' ')}
                set skip 1
            case '-*'
            case '*'
                if __mcp_portal_commands "$named" >/dev/null
                    set named (string trim -- "$named "(string replace -a _ - -- $word))
                end
        end
    end
    switch "$before:$current"
        case '*:-*=*'
        case '*:-*'
            __mcp_portal_options "$named"; and return
        case '-*'
            __mcp_portal_values "$named $before"; and return
        case '*'
            __mcp_portal_commands "$named"; and return
    end
    command mcp-portal __complete -- $words "$current" 2>/dev/null
end

function __mcp_portal
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l found (__mcp_portal_candidates "$current" $words[2..-1])
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path "$current"
    end
end

complete -c mcp-portal -f -a '(__mcp_portal)'
`;

const cases = (places: readonly Place[]): string =>
  places
    .map(({ paths, candidates }) => `        case ${paths.map(quoted).join(' ')}\n            ${printed(candidates)}`)
    .join('\n');

const printed = (candidates: readonly Candidate[]): string =>
  candidates.length === 0
    ? 'true'
    : `printf '%s\\n' ${candidates.map(({ word, about }) => quoted(about === '' ? word : `${word}\t${about}`)).join(' ')}`;

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
