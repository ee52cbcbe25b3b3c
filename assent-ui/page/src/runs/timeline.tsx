import type { Call, Message } from '../api/types.ts';
import { CallChip, sentence } from '../ui/chips.tsx';
import { Link } from '../ui/link.tsx';
import { Name, Shown } from '../ui/shown.tsx';
import { Ago } from '../ui/time.tsx';

export function CallList({ calls }: { calls: Call[] }) {
  if (calls.length === 0) return null;
  return (
    <section class="block" aria-labelledby="calls-title">
      <h2 id="calls-title">Calls</h2>
      <ul class="cards" data-testid="calls">
        {calls.map((call) => (
          <li key={call.toolCallId} class="call" data-testid="call" data-id={call.toolCallId}>
            <div class="call-head">
              <CallChip status={call.status} />
              <b class="grow mono"><Name text={call.tool} /></b>
              {call.attempt > 1 && <span class="muted">attempt {call.attempt}</span>}
              {call.grant && <Link to="grants" data-testid="call-grant">On a grant</Link>}
              {call.requirement && (
                <Link to={`requirements/${encodeURIComponent(call.requirement)}`} data-testid="call-requirement">
                  Requirement<span class="sr"> of <Name text={call.tool} /></span>
                </Link>
              )}
              {call.child && (
                <Link to={`runs/${encodeURIComponent(call.child)}`} data-testid="call-child">
                  Its run<span class="sr">, which carries out <Name text={call.tool} /></span>
                </Link>
              )}
            </div>
            {call.arguments && <pre class="raw"><Shown text={call.arguments.shown} /></pre>}
            {call.result && <Answer name="Result" text={call.result} />}
            {call.error && <Answer name="Error" text={call.error} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Answer({ name, text }: { name: string; text: NonNullable<Call['result']> }) {
  return (
    <div class="result">
      <p class="muted small">{name}</p>
      <pre class="raw"><Shown text={text} /></pre>
    </div>
  );
}

export function MessageList({ messages, now }: { messages: Message[]; now: number }) {
  if (messages.length === 0) return null;
  return (
    <section class="block" aria-labelledby="messages-title">
      <h2 id="messages-title">Messages</h2>
      <ol class="messages" data-testid="messages">
        {messages.map((message, index) => (
          <li key={index} class={`message-row from-${message.role === 'user' ? 'user' : 'other'}`}>
            <p class="message-head">
              <b>{sentence(message.role)}</b>
              {message.tool && <code><Name text={message.tool} /></code>}
              <span class="muted"><Ago at={message.at} now={now} /></span>
            </p>
            <div class="message-text"><Shown text={message.text} /></div>
          </li>
        ))}
      </ol>
    </section>
  );
}
