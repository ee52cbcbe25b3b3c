import type { AuditRecord } from '../api/types.ts';
import { Link } from '../ui/link.tsx';
import { Name } from '../ui/shown.tsx';
import { Clock } from '../ui/time.tsx';

export function RecordRow({ record, now, bad }: { record: AuditRecord; now: number; bad: boolean }) {
  const by = typeof record.by === 'string' ? record.by : record.by?.name;
  return (
    <li class={`record${bad ? ' broken' : ''}`} data-testid="record" data-position={record.position}>
      <details>
        <summary>
          <span class="position">{record.position.toLocaleString('en')}</span>
          <span class="record-type"><Name text={record.type} /></span>
          {bad && <span class="chip tone-bad">broken</span>}
          <span class="record-by muted">{by && <>by <Name text={by} /></>}</span>
          <span class="muted"><Clock at={record.at} now={now} /></span>
        </summary>
        <dl class="facts">
          {record.run && (
            <div><dt>Run</dt><dd><Link to={`runs/${encodeURIComponent(record.run)}`}><Name text={record.run} /></Link></dd></div>
          )}
          {record.requirement && (
            <div>
              <dt>Requirement</dt>
              <dd>
                <Link to={`requirements/${encodeURIComponent(record.requirement)}`}><Name text={record.requirement} /></Link>
              </dd>
            </div>
          )}
          <div><dt>Hash</dt><dd><code>{record.hash}</code></dd></div>
          <div><dt>Chain</dt><dd><code>{record.chain}</code></dd></div>
        </dl>
        <pre class="raw"><Name text={record.record} /></pre>
      </details>
    </li>
  );
}
