import { describe, expect, it } from 'vitest';
import { envelopeOf, type Fields } from '../../src/cloudflare/envelope.ts';
import { listAll } from '../../src/cloudflare/list-all.ts';

type Info = Fields | undefined;
type Answer = (page: number) => { readonly rows: unknown; readonly info?: Info };

const rows = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => ({ id: `${from + index}` }));

/** `total` rows in pages of `size`. */
const paged =
  (total: number, size: number, info: (page: number) => Info): Answer =>
  (page) => ({ rows: rows((page - 1) * size + 1, Math.min(total, page * size)), info: info(page) });

async function list(answer: Answer, perPage = 100) {
  const pages: number[] = [];
  const fetchPage = async (page: number) => {
    pages.push(page);
    const { rows: result, info } = answer(page);
    await Promise.resolve();
    return envelopeOf({ success: true, result, result_info: info });
  };
  const items = await listAll({ path: '/zones', perPage, fetchPage });
  return { count: items.length, pages, items };
}

describe('a listing with totals', () => {
  it('takes one request for one page', async () => {
    expect(await list(paged(80, 100, () => ({ per_page: 100, total_count: 80, total_pages: 1 })))).toMatchObject({
      count: 80,
      pages: [1],
    });
    expect(await list(paged(100, 100, () => ({ total_count: 100 })))).toMatchObject({ count: 100, pages: [1] });
    expect(await list(paged(0, 100, () => ({ total_count: 0, total_pages: 0 })))).toMatchObject({
      count: 0,
      pages: [1],
    });
  });

  it('takes as many requests as there are pages, and keeps the order', async () => {
    const { items, pages } = await list(paged(250, 100, () => ({ per_page: 100, total_count: 250 })));
    expect(pages).toEqual([1, 2, 3]);
    expect(items).toEqual(rows(1, 250));
  });

  it('trusts the page size that it got over the one it asked for', async () => {
    expect(await list(paged(60, 25, () => ({ per_page: 25, total_count: 60 })))).toMatchObject({
      count: 60,
      pages: [1, 2, 3],
    });
  });

  it('goes by the number of pages when there is no number of items', async () => {
    expect(await list(paged(60, 25, () => ({ total_pages: 3 })))).toMatchObject({ count: 60, pages: [1, 2, 3] });
  });

  it('ends where the endpoint ignores the page', async () => {
    const everything: Answer = () => ({ rows: rows(1, 50), info: { per_page: 20, total_count: 50 } });
    expect(await list(everything, 20)).toMatchObject({ count: 50 });
  });

  it('reads once more when pages shift, then refuses to be short', async () => {
    let reading = 0;
    const shifting: Answer = (page) => {
      if (page === 1) reading += 1;
      return {
        rows: page === 1 ? rows(1, 2) : reading === 1 ? rows(2, 2) : rows(3, 3),
        info: { per_page: 2, total_count: 3 },
      };
    };
    expect(await list(shifting)).toMatchObject({ count: 3, pages: [1, 2, 1, 2] });
    const short: Answer = (page) => ({ rows: page === 1 ? rows(1, 2) : [], info: { per_page: 2, total_count: 3 } });
    await expect(list(short)).rejects.toMatchObject({
      message: 'Cloudflare listed 2 of 3 objects. [GET /zones]',
      code: 'incomplete_listing',
    });
  });

  it('refuses more than 1,000 pages', async () => {
    await expect(list(() => ({ rows: rows(1, 1), info: { per_page: 1, total_count: 1001 } }))).rejects.toThrow(
      'more than 1000 pages',
    );
  });
});

describe('a listing without totals', () => {
  it('goes on to a short page', async () => {
    expect(await list(paged(250, 100, () => undefined))).toMatchObject({ count: 250, pages: [1, 2, 3] });
    expect(await list(paged(200, 100, () => undefined))).toMatchObject({ count: 200, pages: [1, 2, 3] });
    expect(await list(paged(3, 100, () => undefined))).toMatchObject({ count: 3, pages: [1] });
  });

  it('ends where the endpoint ignores the page, or gives the last one again', async () => {
    expect(await list(() => ({ rows: rows(1, 100) }))).toMatchObject({ count: 100, pages: [1, 2] });
    const clamped: Answer = (page) => ({ rows: page === 1 ? rows(1, 100) : rows(101, 200) });
    expect(await list(clamped)).toMatchObject({ count: 200, pages: [1, 2, 3] });
    const nameless: Answer = () => ({ rows: rows(1, 100).map(({ id }) => ({ name: id })) });
    expect(await list(nameless)).toMatchObject({ count: 100, pages: [1, 2] });
  });

  it('does not believe zeros', async () => {
    expect(await list(paged(150, 100, () => ({ per_page: 0, total_count: 0, total_pages: 0 })))).toMatchObject({
      count: 150,
      pages: [1, 2],
    });
  });

  it('may be null when it is empty, but is never one object', async () => {
    expect(await list(() => ({ rows: null }))).toMatchObject({ count: 0 });
    await expect(list(() => ({ rows: { id: 'a' } }))).rejects.toThrow('one object where a list was expected');
  });

  it('refuses more than 1,000 pages', async () => {
    await expect(
      list(
        paged(5000, 1, () => undefined),
        1,
      ),
    ).rejects.toThrow('more than 1000 pages');
  });
});

describe('an endpoint that caps the page without a word', () => {
  const repeated = { per_page: 1000, total_count: 130 };

  it.each<[string, Info]>([
    ['repeats the size that was asked for', repeated],
    ['says only how many there are', { total_count: 130 }],
  ])('is read to its end where it %s', async (_how, info) => {
    expect(
      await list(
        paged(130, 50, () => info),
        1000,
      ),
    ).toMatchObject({ count: 130, pages: [1, 2, 3] });
  });

  it.each([50, 100])('is read to its end at %i where it counts nothing', async (cap) => {
    expect(
      await list(
        paged(130, cap, () => undefined),
        1000,
      ),
    ).toMatchObject({ count: 130 });
  });

  it('is not asked again for a page that no cap explains', async () => {
    expect(
      await list(
        paged(37, 100, () => undefined),
        1000,
      ),
    ).toMatchObject({ count: 37, pages: [1] });
  });
});
