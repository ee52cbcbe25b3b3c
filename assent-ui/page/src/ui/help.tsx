import { useEffect, useRef } from 'preact/hooks';
import { shortcutsOn, turnShortcuts } from '../lib/keys.ts';
import { useStore } from '../lib/store.ts';

const KEYS: [string[], string][] = [
  [['j', 'k'], 'next, previous requirement'],
  [['o', 'Enter'], 'open the requirement that has the focus'],
  [['a'], 'approve what is open (high risk: asks for the tool’s name)'],
  [['r'], 'reject what is open: asks for the reason first'],
  [['e'], 'edit the arguments of what is open'],
  [['/'], 'filter the list'],
  [['?'], 'this help'],
];

export function Help({ close }: { close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const on = useStore(shortcutsOn);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={close} data-testid="help-dialog"
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current?.close();
      }}>
      <div class="help-body">
        <div class="block-head">
          <h2 id="help-title">Keyboard shortcuts</h2>
          <button type="button" class="button icon" aria-label="Close" onClick={() => dialog.current?.close()}>✕</button>
        </div>
        <dl class={`keys${on ? '' : ' off'}`}>
          {KEYS.map(([keys, words]) => (
            <div key={words}>
              <dt>{keys.map((key) => <kbd key={key}>{key}</kbd>)}</dt>
              <dd>{words}</dd>
            </div>
          ))}
        </dl>
        <label class="switch">
          <input type="checkbox" role="switch" checked={on} data-testid="shortcuts-switch"
            onChange={(event) => turnShortcuts(event.currentTarget.checked)} />
          Shortcuts are {on ? 'on' : 'off'}
        </label>
        <p class="muted small">They never act while you type in a field, and a held key counts once.</p>
      </div>
    </dialog>
  );
}
