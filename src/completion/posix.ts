import type { Candidate } from './candidates.ts';
import type { KnownWords, Place } from './known-words.ts';

/**
 * The function that bash and zsh share: `__mcp_portal CURRENT WORD…` prints the candidates for the
 * word at the cursor, behind the words before it. The program is asked where the tables do not know.
 */
export const posixFunctions = ({ commands, options, shared, values, taking }: KnownWords): string => `
__mcp_portal_commands() {
  case $1 in
${arms(commands)}
    *) return 1 ;;
  esac
}

__mcp_portal_options() {
  case $1 in
${arms(options)}
    *) return 1 ;;
  esac
  ${printed(shared)}
}

__mcp_portal_values() {
  case $1 in
${arms(values)}
    *) return 1 ;;
  esac
}

__mcp_portal() {
  local current=$1 word named='' before='' skip=''
  shift
  for word in "$@"; do
    before=$word
    if [ -n "$skip" ]; then
      skip=''
      continue
    fi
    case $word in
      --) named='--'; break ;;
      ${taking.join('|')}) skip=1 ;;
      -?*) ;;
      *)
        if __mcp_portal_commands "$named" >/dev/null; then
          named="\${named:+$named }\${word//_/-}"
        fi
        ;;
    esac
  done
  case "\${before}:\${current}" in
    *:-*=*) ;;
    *:-*) __mcp_portal_options "$named" && return ;;
    -*) __mcp_portal_values "$named $before" && return ;;
    *) __mcp_portal_commands "$named" && return ;;
  esac
  command mcp-portal __complete -- "$@" "$current" 2>/dev/null
}
`;

const arms = (places: readonly Place[]): string =>
  places.map(({ paths, candidates }) => `    ${paths.map(pattern).join('|')}) ${printed(candidates)} ;;`).join('\n');

/** A star stays one; everything else is taken as it is. */
const pattern = (path: string): string => path.split('*').map(quoted).join('*').replaceAll("''*", '*');

const printed = (candidates: readonly Candidate[]): string =>
  candidates.length === 0
    ? ':'
    : `printf '%s\\n' ${candidates.map(({ word, about }) => quoted(about === '' ? word : `${word}\t${about}`)).join(' ')}`;

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
