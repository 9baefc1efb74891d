import type { KnownWords } from './known-words.ts';
import { posixFunctions } from './posix.ts';

/** Works through eval, and as a file \`_mcp-portal\` of the function path. */
export const zshScript = (known: KnownWords): string => `#compdef mcp-portal
# zsh completion of mcp-portal
${posixFunctions(known)}
_mcp_portal() {
  local -a found
  local word about
  while IFS=$'\\t' read -r word about; do
    found+=("\${word//:/\\\\:}\${about:+:$about}")
  done < <(__mcp_portal "\${(Q)PREFIX}" "\${(@Q)words[2,CURRENT-1]}")
  if ((\${#found})); then
    _describe -V 'mcp-portal' found
  else
    _files
  fi
}

if [[ \${funcstack[1]} == _mcp-portal ]]; then
  _mcp_portal "$@"
else
  compdef _mcp_portal mcp-portal
fi
`;
