import type { FormField } from '../api/types.ts';
import { isNumber, Num, parse, step, write, type Json } from '../lib/json.ts';

/** What stands in the fields, as text by path: lists have a line for each element, choices the JSON text of each option. */
export type Raw = Record<string, string>;

/** What stands there at first. */
export function presets(fields: FormField[], within?: Map<string, Json>, path = ''): Raw {
  const all: Raw = {};
  for (const field of fields) {
    const at = `${path}/${step(field.name)}`;
    const preset = within?.get(field.name) ?? (field.preset === null ? undefined : parse(field.preset));
    if (field.input === 'GROUP') {
      Object.assign(all, presets(field.fields, preset instanceof Map ? preset : undefined, at));
    } else if (preset !== undefined && preset !== null) {
      all[at] = rawOf(field, preset);
    }
  }
  return all;
}

function rawOf(field: FormField, preset: Json): string {
  switch (field.input) {
    case 'CHOICE':
      return write(preset);
    case 'JSON':
      return write(preset, '  ');
    case 'CHOICES':
      return Array.isArray(preset) ? preset.map((each) => write(each)).join('\n') : '';
    case 'LIST':
      return Array.isArray(preset) ? preset.map(plain).join('\n') : '';
    default:
      return plain(preset);
  }
}

function plain(json: Json): string {
  return typeof json === 'string' ? json : write(json);
}

export interface Collected {
  json: Map<string, Json>;
  /** By path. What the schema says beyond this is for the server to find. */
  errors: Record<string, string>;
}

const MISSING = 'This is needed.';

export function collect(fields: FormField[], raw: Raw, path = ''): Collected {
  const json = new Map<string, Json>();
  const errors: Record<string, string> = {};
  for (const field of fields) {
    const at = `${path}/${step(field.name)}`;
    if (field.input === 'GROUP') {
      const empty = !Object.keys(raw).some((key) => key.startsWith(`${at}/`) && raw[key] !== '');
      if (empty && !field.required) continue;
      if (empty && field.nullable) {
        json.set(field.name, null);
        continue;
      }
      const inner = collect(field.fields, raw, at);
      json.set(field.name, inner.json);
      Object.assign(errors, inner.errors);
      continue;
    }
    const text = raw[at] ?? '';
    const list = field.input === 'CHOICES' || field.input === 'LIST';
    if (text === '') {
      if (field.nullable && field.required) json.set(field.name, null);
      else if (list && field.required) json.set(field.name, []);
      else if (field.required) errors[at] = MISSING;
      continue;
    }
    try {
      json.set(field.name, read(field, text));
    } catch (error) {
      errors[at] = (error as Error).message;
    }
  }
  return { json, errors };
}

function read(field: FormField, text: string): Json {
  switch (field.input) {
    case 'INTEGER':
      if (!/^-?(0|[1-9]\d*)$/.test(text.trim())) throw new Error('This is a whole number, such as 12.');
      return bounded(field, text.trim());
    case 'NUMBER':
      if (!isNumber(text.trim())) throw new Error('This is a number, such as 12.50.');
      return bounded(field, text.trim());
    case 'BOOLEAN':
      return text === 'true';
    case 'CHOICE':
    case 'JSON':
      return parse(text);
    case 'CHOICES':
      return text.split('\n').map((each) => parse(each));
    case 'LIST': {
      const item = field.item;
      return item ? text.split('\n').map((line) => read(item, line)) : [];
    }
    default:
      return text;
  }
}

/** Compared as doubles: for a hint only, the server compares exactly. */
function bounded(field: FormField, text: string): Num {
  if (field.minimum !== null && Number(text) < Number(field.minimum)) throw new Error(`At least ${field.minimum}.`);
  if (field.maximum !== null && Number(text) > Number(field.maximum)) throw new Error(`At most ${field.maximum}.`);
  return new Num(text);
}
