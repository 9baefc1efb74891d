import { text } from './check.ts';
import { listed, pagings } from './envelope.ts';
import type { Json } from './json.ts';
import { missing } from './refusal.ts';
import type { Answer, Call } from './route.ts';
import type { Row } from './state.ts';

/** The code of Access validation errors. */
export const accessInvalid = 12130;
/** The code of a refusal because something still uses the object. Seen for service tokens; assumed for the others. */
export const accessInUse = 12139;

/** Times of the Access endpoints: RFC 3339 without fractions. */
export const accessTime = (iso: string): string => `${iso.slice(0, 19)}Z`;

export const stamps = (row: Row): { readonly created_at: string; readonly updated_at: string } => ({
  created_at: accessTime(row.created_at),
  updated_at: accessTime(row.updated_at),
});

/** The row that a path's `:id` names. */
export const foundIn = <R extends Row>({ param }: Call, rows: readonly R[], what: string): R => {
  const row = rows.find((each) => each.id === param('id'));
  if (row === undefined) throw missing(11021, `access.api.error.not_found: ${what} not found`);
  return row;
};

/** A listing of Access objects, with its filters `name` (whole) and `search` (part of the name). */
export const listedByName = <R extends Row>(call: Call, rows: readonly R[], view: (row: R) => Json): Answer => {
  const name = call.query.get('name');
  const search = call.query.get('search')?.toLowerCase();
  const shown = rows.filter(({ body }) => {
    const own = text(body['name']);
    return (name === null || own === name) && (search === undefined || own.toLowerCase().includes(search));
  });
  return listed(call, shown, { paging: pagings.access, view });
};
