/** How text is emphasised. Each function gets plain text and gives it back with or without escapes. */
export type Style = {
  readonly [name in 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold']: (text: string) => string;
};

const same = (text: string): string => text;

export const plainStyle: Style = { red: same, green: same, yellow: same, cyan: same, dim: same, bold: same };
