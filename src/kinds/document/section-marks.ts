/** What every entry may carry beside its own fields. */
export type Marks = { readonly absent?: boolean; readonly protect?: boolean };

export function marksOf(value: unknown): Marks {
  if (typeof value !== 'object' || value === null) return {};
  return { absent: 'absent' in value && value.absent === true, protect: 'protect' in value && value.protect === true };
}
