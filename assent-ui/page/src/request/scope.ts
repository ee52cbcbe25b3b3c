import { isNumber, Num, parse, write, type Json } from '../lib/json.ts';

/** What one argument may be: the same as now, a number up to this, a text like this, anything. */
export type Rule = { kind: 'same' | 'anything' } | { kind: 'most' | 'like'; value: string };

export interface Wish {
  reach: 'RUN' | 'SESSION' | 'AGENT';
  arguments: 'exact' | 'matching' | 'any';
  rules: Record<string, Rule>;
  hours: string;
  uses: string;
  budgetOf: string;
  budgetMost: string;
  budgetHours: string;
}

export const FIRST: Wish = {
  reach: 'SESSION', arguments: 'exact', rules: {}, hours: '8', uses: '', budgetOf: '', budgetMost: '', budgetHours: '24',
};

/** The arguments that a rule can be made for: the top ones, with what kind of value each has. */
export function argumentsOf(canonical: string): { name: string; number: boolean; text: boolean }[] {
  const all = parse(canonical);
  return all instanceof Map
    ? [...all].map(([name, value]) => ({ name, number: value instanceof Num, text: typeof value === 'string' }))
    : [];
}

/** The scope as JSON text, or what is missing. Numbers go as they were typed. */
export function scopeOf(wish: Wish, now: number): { scope: string } | { missing: string } {
  const hours = Number(wish.hours);
  if (!(hours > 0) || hours > 366 * 24) return { missing: 'For how many hours? At most 8784.' };
  if (wish.uses !== '' && !/^[1-9]\d{0,4}$/.test(wish.uses)) return { missing: 'How many times? A whole number, or nothing.' };
  const scope = new Map<string, Json>([
    ['reach', wish.reach],
    ['until', new Date(Math.floor(now / 1000) * 1000 + Math.floor(hours * 3600) * 1000).toISOString()],
  ]);
  const rules = new Map<string, Json>();
  if (wish.arguments === 'matching') {
    for (const [name, rule] of Object.entries(wish.rules)) {
      if (rule.kind === 'most' && !isNumber(rule.value)) return { missing: `At most how much may ${name} be?` };
      if (rule.kind === 'like' && rule.value === '') return { missing: `What is ${name} like?` };
      if (rule.kind === 'most') rules.set(name, new Map<string, Json>([['type', 'number'], ['most', new Num(rule.value)]]));
      if (rule.kind === 'like') rules.set(name, new Map<string, Json>([['type', 'text'], ['glob', rule.value]]));
      if (rule.kind === 'anything') rules.set(name, new Map<string, Json>([['type', 'any']]));
    }
  }
  scope.set('arguments', new Map<string, Json>([
    ['type', wish.arguments], ...(wish.arguments === 'matching' ? [['rules', rules] as [string, Json]] : []),
  ]));
  if (wish.uses !== '') scope.set('uses', new Num(wish.uses));
  if (wish.budgetOf !== '') {
    const window = Math.floor(Number(wish.budgetHours) * 3600);
    if (!isNumber(wish.budgetMost)) return { missing: `At most how much may the sum of ${wish.budgetOf} be?` };
    if (!(window > 0)) return { missing: 'Over how many hours is it summed?' };
    scope.set('budget', new Map<string, Json>([
      ['argument', wish.budgetOf], ['most', new Num(wish.budgetMost)], ['window', `PT${window}S`],
    ]));
  }
  return { scope: write(scope) };
}
