import type { ComponentChildren } from 'preact';
import { session } from '../account/session.ts';
import type { Requirement } from '../api/types.ts';
import { useStore } from '../lib/store.ts';
import { Link } from '../ui/link.tsx';
import { RunChip } from '../ui/chips.tsx';
import { Name, Shown } from '../ui/shown.tsx';
import { Ago, Clock, Due } from '../ui/time.tsx';
import { expiryWords, groupWords, notPlain, reasonsWords } from './standing.ts';

export function Facts({ of, now, claim }: { of: Requirement; now: number; claim: (mine: boolean) => void }) {
  const known = useStore(session);
  const me = known.phase === 'in' ? known.me.principal.id : null;
  const expiry = expiryWords(of.onExpiry);
  return (
    <dl class="facts" data-testid="facts">
      {of.rule && (
        <Fact name="Rule"><Name text={of.rule} /></Fact>
      )}
      <Fact name="Deadline">
        {of.deadline ? (
          <>
            {of.status === 'PENDING' ? <Due at={of.deadline} now={now} /> : <Clock at={of.deadline} now={now} />}
            {of.status === 'PENDING' && expiry && <span>, {expiry}</span>}
          </>
        ) : 'none: it waits until somebody decides'}
      </Fact>
      {of.escalatedAt && (
        <Fact name="Escalated">
          <span data-testid="escalated"><Clock at={of.escalatedAt} now={now} />: others may decide it, too</span>
        </Fact>
      )}
      {of.kind === 'APPROVAL' && (
        <Fact name="Votes">
          <span data-testid="votes-needed">{of.votes} of {of.needed}</span>
        </Fact>
      )}
      {of.kind === 'APPROVAL' && notPlain(of) && of.progress.map((clause, index) => (
        <Fact key={index} name={clause.groups.length > 1 ? 'One of' : 'Needed'}>
          {clause.groups.map((group) => (
            <div key={group.who} data-testid="group"><Name text={groupWords(group)} /></div>
          ))}
        </Fact>
      ))}
      <Fact name={of.kind === 'USER_INPUT' ? 'May answer' : 'May decide'}>
        {of.approvers.length === 0 ? 'nobody is named' : of.approvers.map((approver, index) => (
          <span key={approver}>{index > 0 && ', '}<Name text={approver} /></span>
        ))}
      </Fact>
      {of.reasons && (
        <Fact name="Reasons">
          <span data-testid="reasons"><Name text={reasonsWords(of.reasons)} /></span>
        </Fact>
      )}
      {of.status === 'PENDING' && (of.claim || of.mayDecide) && (
        <Fact name="Seen to by">
          {of.claim ? <><Name text={of.claim.by.name} /> until <Clock at={of.claim.until} now={now} /> </> : <span class="muted">nobody in particular </span>}
          {!of.claim && <button type="button" class="button plain" data-testid="claim" onClick={() => claim(true)}>Claim</button>}
          {of.claim && (of.claim.by.id === me || of.claim.setBy.id === me) && (
            <button type="button" class="button plain" data-testid="release" onClick={() => claim(false)}>Release</button>
          )}
        </Fact>
      )}
      <Fact name="Requested">
        <Ago at={of.createdAt} now={now} />
        {of.requester && <> for <Name text={of.requester.name} /></>}
      </Fact>
      <Fact name="Run">
        <Link to={`runs/${encodeURIComponent(of.run)}`} data-testid="run-link"><Name text={of.run} /></Link>
        {of.runStatus && <> <RunChip status={of.runStatus} /></>}
      </Fact>
      <Fact name="Fingerprint">
        <code data-testid="fingerprint"><Name text={of.fingerprint} /></code>
        {of.version > 1 && <span class="muted"> version {of.version}</span>}
      </Fact>
      {of.kind === 'APPROVAL' && (
        <Fact name="Outside">
          <span data-testid="pinned">{of.pinned
            ? 'pinned: looked at again just before the call runs, and asked again if it changed'
            : 'not pinned: nobody looks whether the world has changed before the call runs'}</span>
        </Fact>
      )}
      {of.notBefore && (
        <Fact name="Begins">
          <span data-testid="not-before"><Clock at={of.notBefore} now={now} />, unless the approval is taken back before</span>
        </Fact>
      )}
      {of.reconciliation && (
        <>
          <Fact name="Attempt">
            {of.reconciliation.attempt}, started <Ago at={of.reconciliation.startedAt} now={now} />
          </Fact>
          {of.reconciliation.effectKey && (
            <Fact name="Effect key"><code><Shown text={of.reconciliation.effectKey} /></code></Fact>
          )}
        </>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
