import type { InputHTMLAttributes } from 'preact';
import type { FormField, ShownText } from '../api/types.ts';
import { step } from '../lib/json.ts';
import { plain } from '../lib/text.ts';
import { Shown } from '../ui/shown.tsx';
import type { Raw } from './form-value.ts';

interface Props {
  fields: FormField[];
  raw: Raw;
  errors: Record<string, string>;
  disabled: boolean;
  onInput: (path: string, text: string, secret: boolean) => void;
  path?: string;
  /** The one field of a question: its prompt stands above it already. */
  alone?: boolean;
  /** Ids on the page are made of places, never of names: those are anybody's text. */
  place?: string;
}

/** The fields of a form, from what the server made of its schema. */
export function Fields({ path = '', place = 'answer', ...props }: Props) {
  return (
    <>
      {props.fields.map((field, index) => (
        <FieldInput key={field.name} {...props} field={field} path={`${path}/${step(field.name)}`} place={`${place}-${index}`} />
      ))}
    </>
  );
}

interface One extends Omit<Props, 'fields'> {
  field: FormField;
  path: string;
  place: string;
}

function FieldInput(props: One) {
  const { field, path, place, errors } = props;
  const error = errors[path];
  const described = [field.description.length > 0 || hint(field) ? `${place}-words` : '', error ? `${place}-error` : ''].join(' ').trim();
  const words = (
    <>
      {(field.description.length > 0 || hint(field)) && (
        <p class="muted small" id={`${place}-words`}>
          <Shown text={field.description} /> {hint(field)}
        </p>
      )}
    </>
  );
  const wrong = error && <p class="field-error" id={`${place}-error`} data-testid="input-error">{error}</p>;
  const grouped = field.input === 'GROUP' || field.input === 'CHOICES' || field.input === 'BOOLEAN'
    || (field.input === 'CHOICE' && field.options.length <= MOST_RADIOS);
  if (grouped) {
    return (
      <fieldset class={`input-row${field.input === 'GROUP' ? ' group' : ''}`} data-testid="input" data-path={path}
        aria-describedby={described || undefined} aria-invalid={error ? true : undefined}>
        <legend class={props.alone ? 'sr' : undefined}><Label field={field} /></legend>
        {words}
        {field.input === 'GROUP'
          ? <Fields {...props} alone={false} fields={field.fields} path={path} place={place} />
          : <Options {...props} />}
        {wrong}
      </fieldset>
    );
  }
  return (
    <div class="input-row" data-testid="input" data-path={path}>
      <label for={place} class={props.alone ? 'sr' : undefined}><Label field={field} /></label>
      {words}
      <Control {...props} described={described} />
      {wrong}
    </div>
  );
}

const MOST_RADIOS = 7;

function Label({ field }: { field: FormField }) {
  return (
    <>
      <Shown text={field.label} />
      {!field.required && <span class="muted"> optional</span>}
    </>
  );
}

function hint(field: FormField): string {
  const { minimum, maximum } = field;
  const bounds = minimum !== null && maximum !== null ? `From ${minimum} to ${maximum}.`
    : minimum !== null ? `At least ${minimum}.` : maximum !== null ? `At most ${maximum}.` : '';
  const form = field.input === 'LIST' ? 'One in each line.' : field.input === 'JSON' ? 'As JSON.'
    : field.secret ? 'It is not shown again, to nobody.' : '';
  return [bounds, form, field.nullable ? 'Empty means none.' : ''].filter(Boolean).join(' ');
}

function Options({ field, path, place, raw, disabled, onInput }: One) {
  const several = field.input === 'CHOICES';
  const chosen = (raw[path] ?? '').split('\n').filter(Boolean);
  const options: { value: string; shown: ShownText }[] = field.input === 'BOOLEAN'
    ? [{ value: 'true', shown: [{ text: 'Yes' }] }, { value: 'false', shown: [{ text: 'No' }] }] : field.options;
  const choose = (value: string, on: boolean) => {
    if (!several) return onInput(path, value, false);
    const all = options.map((option) => option.value).filter((each) => (each === value ? on : chosen.includes(each)));
    onInput(path, all.join('\n'), false);
  };
  return (
    <div class="options">
      {options.map(({ value, shown }, index) => (
        <label key={value} class="option">
          <input type={several ? 'checkbox' : 'radio'} name={place} id={`${place}-o${index}`} checked={chosen.includes(value)}
            disabled={disabled} data-testid="option" onChange={(event) => choose(value, event.currentTarget.checked)} />
          <span><Shown text={shown} /></span>
        </label>
      ))}
      {!several && !field.required && chosen.length > 0 && (
        <button type="button" class="button small" disabled={disabled} onClick={() => onInput(path, '', false)}>None</button>
      )}
    </div>
  );
}

function Control({ field, path, place, raw, errors, disabled, onInput, described }: One & { described: string }) {
  const common = {
    id: place, disabled, 'data-testid': 'control', 'aria-required': field.required,
    'aria-invalid': errors[path] ? true : undefined, 'aria-describedby': described || undefined,
  };
  const value = raw[path] ?? '';
  const type = (text: string) => onInput(path, text, field.secret);
  if (field.secret) {
    return (
      <input {...common} type="password" autocomplete="off" autocapitalize="off" spellcheck={false} value={value}
        onInput={(event) => type(event.currentTarget.value)} />
    );
  }
  if (field.input === 'CHOICE') {
    return (
      <select {...common} value={value} onChange={(event) => type(event.currentTarget.value)}>
        <option value="">{field.required ? 'Choose…' : 'None'}</option>
        {field.options.map((option) => <option key={option.value} value={option.value}>{plain(option.shown)}</option>)}
      </select>
    );
  }
  if (field.input === 'MULTILINE' || field.input === 'LIST' || field.input === 'JSON') {
    return (
      <textarea {...common} rows={field.input === 'JSON' ? 6 : 4} spellcheck={false} value={value}
        class={field.input === 'JSON' ? 'mono' : undefined} onInput={(event) => type(event.currentTarget.value)} />
    );
  }
  if (field.input === 'DATE_TIME') {
    return (
      <input {...common} type="datetime-local" step={1} value={local(value)}
        onInput={(event) => type(instant(event.currentTarget.value))} />
    );
  }
  // Numbers are text: a number field would round what does not fit into a double.
  const kind = field.input === 'DATE' ? 'date' : field.input === 'EMAIL' ? 'email' : field.input === 'URI' ? 'url' : 'text';
  const mode = field.input === 'INTEGER' ? 'numeric' : field.input === 'NUMBER' ? 'decimal' : undefined;
  const input = { ...common, type: kind, autocomplete: 'off', value, ...(mode ? { inputMode: mode } : {}) } as InputHTMLAttributes;
  return <input {...input} onInput={(event) => type(event.currentTarget.value)} />;
}

/** An instant as the person's clock has it. */
function local(text: string): string {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

function instant(text: string): string {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString().replace('.000Z', 'Z');
}
