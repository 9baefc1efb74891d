import type { KnownWords } from './known-words.ts';
import { posixFunctions } from './posix.ts';

/** For bash 3.2 and newer, as macOS has it. */
export const bashScript = (known: KnownWords): string => `# bash completion of mcp-portal
${posixFunctions(known)}
_mcp_portal() {
  local line=\${COMP_LINE:0:COMP_POINT} words=() at rest word current breaks='' prefix='' found
  # Bash takes : and = for the ends of words. What no space divides is joined again.
  for ((at = 0; at <= COMP_CWORD; at++)); do
    rest=\${line#"\${line%%[![:space:]]*}"}
    word=\${COMP_WORDS[at]}
    if ((at == COMP_CWORD)); then word=$rest; fi
    if ((\${#words[@]} > 0)) && [[ $rest == "$line" ]]; then
      words[\${#words[@]}-1]+=$word
    else
      words+=("$word")
    fi
    line=\${rest#"$word"}
  done
  for ((at = 0; at < \${#words[@]}; at++)); do
    words[at]=\${words[at]//[\\\\\\"\\']/}
  done
  current=\${words[\${#words[@]}-1]}
  if [[ $COMP_WORDBREAKS == *:* ]]; then breaks=':'; fi
  if [[ $COMP_WORDBREAKS == *=* ]]; then breaks+='='; fi
  if [[ -n $breaks ]]; then prefix=\${current%"\${current##*["$breaks"]}"}; fi
  COMPREPLY=()
  while IFS=$'\\t' read -r found _; do
    if [[ $found != "$current"* ]]; then continue; fi
    # Quoted: a key of a document must not become a command.
    printf -v found %q "\${found#"$prefix"}"
    COMPREPLY+=("$found")
  done < <(__mcp_portal "$current" "\${words[@]:1:\${#words[@]}-2}")
}

complete -o bashdefault -o default -F _mcp_portal mcp-portal
`;
