/** What stands in the search field, as parameters of `GET /requirements`. */
export type Filter = Record<string, string>;

const TOKENS = new Set(['tool', 'agent', 'risk', 'run', 'kind', 'status']);
const UPPER = new Set(['risk', 'kind', 'status']);

/** `tool:pay_invoice risk:high "acme corp"` → parameters; `status:any` asks for every status. */
export function parseFilter(text: string): Filter {
  const filter: Filter = { status: 'PENDING' };
  const free: string[] = [];
  for (const match of text.matchAll(/(?:(\w+):)?(?:"([^"]*)"|(\S+))/g)) {
    const name = match[1]?.toLowerCase();
    const value = match[2] ?? match[3] ?? '';
    if (name && TOKENS.has(name) && value) {
      filter[name] = UPPER.has(name) ? value.toUpperCase().replaceAll('-', '_') : value;
    } else {
      free.push(match[0].replaceAll('"', ''));
    }
  }
  if (filter['status'] === 'ANY' || filter['status'] === 'ALL') delete filter['status'];
  const words = free.join(' ').trim();
  if (words) filter['q'] = words;
  return filter;
}

/** True when only the default view is asked for. */
export function isDefault(filter: Filter): boolean {
  const names = Object.keys(filter);
  return names.length === 1 && filter['status'] === 'PENDING';
}

/** The text with one token replaced or, for an empty value, taken out. */
export function withToken(text: string, name: string, value: string): string {
  const rest = text.replace(new RegExp(`(^|\\s)${name}:(?:"[^"]*"|\\S*)`, 'gi'), ' ').replace(/\s+/g, ' ').trim();
  return value ? `${rest} ${name}:${value}`.trim() : rest;
}
