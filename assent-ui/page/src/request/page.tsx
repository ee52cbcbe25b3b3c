import { useEffect, useMemo, useState } from 'preact/hooks';
import { Problem } from '../api/http.ts';
import type { Requirement } from '../api/types.ts';
import { health } from '../lib/health.ts';
import { place } from '../lib/router.ts';
import { useStore } from '../lib/store.ts';
import { plain, safe } from '../lib/text.ts';
import { span, useNow } from '../lib/time.ts';
import { BreakGlass, ByMandate } from '../mandates/glass.tsx';
import { kindWord, RiskChip, StatusChip } from '../ui/chips.tsx';
import { Link } from '../ui/link.tsx';
import { ErasedNotice } from '../ui/missing.tsx';
import { FailureNotice } from '../ui/notice.tsx';
import { Name, Shown } from '../ui/shown.tsx';
import { ArgumentsView, isLong } from './arguments.tsx';
import { DecisionBar } from './bar.tsx';
import { draftOf } from './drafts.ts';
import { Editor } from './edit.tsx';
import { Facts } from './facts.tsx';
import { useGuard } from './guarded.ts';
import { ActivityList, AgentsWords, Decisions } from './history.tsx';
import { cardModel, type Card, type CardModel } from './model.ts';
import { Outcome, Stops } from './outcome.tsx';
import { Rounds } from './rounds.tsx';
import { Attachments, Edited, Outside, Preview, Question, UnderReview } from './sections.tsx';
import { outcomeWords } from './standing.ts';

export function RequestPage({ id }: { id: string }) {
  const model = useMemo(() => cardModel(id), [id]);
  const card = useStore(model.state);
  const { search } = useStore(place);
  useEffect(() => {
    void model.load();
    return model.keep();
  }, [model]);
  return (
    <article class="detail" aria-busy={card.phase === 'loading'} data-testid="request" data-id={id}>
      <p class="back">
        <Link to="" search={search} data-testid="back">← Inbox</Link>
      </p>
      {!card.shown && <h1 class="sr" tabIndex={-1} data-page-title>Requirement</h1>}
      {card.phase === 'loading' && <p class="muted pad" role="status">Loading…</p>}
      {card.phase === 'failed' && card.failure && (
        <FailureNotice failure={card.failure} retry={() => void model.load()} testid="request-failed"
          what={card.failure instanceof Problem && card.failure.status === 404
            ? 'There is no such requirement' : 'Could not load this requirement'} />
      )}
      {card.shown && <CardView key={`${id} ${card.shown.version}`} card={card} shown={card.shown} model={model} />}
    </article>
  );
}

/** All that a decision is about: when any of it changes, nothing decides for a moment. */
function contentOf(card: Card, shown: Requirement, ...also: unknown[]): string {
  return JSON.stringify([
    shown.id, shown.version, shown.digest, shown.status, shown.votes, shown.mayDecide, shown.mayRevoke, shown.decisions.length, shown.byMandate?.id,
    shown.askBack?.rounds.map((round) => round.answer?.at),
    shown.call?.status, shown.runStatus, shown.external?.takenBy?.id, card.newer?.version, card.mismatch, card.refused?.failure.message, ...also,
  ]);
}

function CardView({ card, shown, model }: { card: Card; shown: Requirement; model: CardModel }) {
  const now = useNow();
  const { reachable, lastAnswer } = useStore(health);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const { panel } = useStore(draftOf(shown.id));
  const [wasPending, setWasPending] = useState(shown.status === 'PENDING');
  useEffect(() => {
    if (shown.status === 'PENDING') setWasPending(true);
  }, [shown.status]);

  const unread = shown.arguments?.fields.filter((field) => isLong(field) && !opened.has(field.path)).length ?? 0;
  const frozen = whyFrozen(card, shown, reachable ? null : span(now - lastAnswer));
  const guarded = useGuard(contentOf(card, shown, [...opened], panel, frozen === null, card.revealed));
  return (
    <>
      <div class="card-scroll"><div class="card">
        <header class="card-head">
          <div class="chips">
            <RiskChip risk={shown.risk} long />
            <StatusChip status={shown.status} />
            {shown.kind !== 'APPROVAL' && <span class="tag">{kindWord(shown.kind)}</span>}
          </div>
          <h1 tabIndex={-1} data-page-title data-title={`${shown.tool ?? kindWord(shown.kind)}: ${plain(shown.summary)}`}>
            <Title of={shown} />
          </h1>
          {shown.kind === 'APPROVAL' && <p class="card-summary" data-testid="summary"><Shown text={shown.summary} /></p>}
          {shown.message && shown.message.length > 0 && !shown.external && !shown.form && <p class="message"><Shown text={shown.message} /></p>}
        </header>
        <Stops card={card} model={model} />
        <ErasedNotice erased={shown.erased} />
        {card.failure && reachable && (
          <FailureNotice failure={card.failure} what={`Could not renew this page. It is ${span(now - card.fetchedAt)} old.`}
            retry={() => void model.load()} testid="request-stale" />
        )}
        <Outcome of={shown} />
        {shown.reconciliation?.why && (
          <p class="message" data-testid="why-in-doubt"><Shown text={shown.reconciliation.why} /></p>
        )}
        <Question of={shown} card={card} off={frozen !== null || card.sending !== null} />
        <UnderReview of={shown} />
        <Preview of={shown} />
        <Attachments of={shown} />
        <Outside of={shown} />
        {panel === 'edit' && shown.status === 'PENDING' && frozen === null && <Editor of={shown} card={card} />}
        <ByMandate of={shown} now={now} />
        <BreakGlass of={shown} done={() => void model.load()} />
        <Facts of={shown} now={now} claim={(mine) => void model.claim(mine)} />
        <Edited of={shown} />
        {shown.arguments && !shown.review?.ofTheRun && (
          <ArgumentsView value={shown.arguments} opened={opened}
            onOpen={(path) => setOpened(new Set([...opened, path]))} revealing={card.revealing} revealed={card.revealed}
            reveal={shown.mayReveal && !card.revealed ? () => void model.reveal() : null} />
        )}
        <AgentsWords of={shown} />
        <Rounds of={shown} now={now} />
        <Decisions of={shown} now={now} />
        <ActivityList of={shown} now={now} />
      </div></div>
      {(shown.status === 'PENDING' || shown.mayRevoke || wasPending) && (
        <DecisionBar model={model} shown={shown} guarded={guarded} frozen={frozen} stopped={card.mismatch} unread={unread}
          hidden={shown.risk === 'HIGH' && shown.mayReveal && !card.revealed} sensitive={card.revealed} sending={card.sending} />
      )}
    </>
  );
}

function Title({ of }: { of: Requirement }) {
  const tool = of.tool ? <b><Name text={of.tool} /></b> : <b>something</b>;
  if (of.kind === 'USER_INPUT') return <><Name text={of.agent} /> asks, for {tool}</>;
  if (of.kind === 'EXTERNAL_EXECUTION') return <><Name text={of.agent} /> waits for {tool} to be executed outside</>;
  if (of.kind === 'REVIEW') {
    return of.review?.ofTheRun
      ? <>Look at the answer of <Name text={of.agent} /></> : <>Look at the result of {tool}, for <Name text={of.agent} /></>;
  }
  if (of.kind === 'RECONCILIATION') return <>Did {tool} of <Name text={of.agent} /> happen?</>;
  return <><Name text={of.agent} /> wants to call {tool}</>;
}

function whyFrozen(card: Card, shown: Requirement, silence: string | null): string | null {
  if (card.mismatch) return 'Stopped: what is shown is not what is stored.';
  if (card.newer) return `Frozen: version ${card.newer.version} is to be decided now.`;
  if (shown.status !== 'PENDING' && !shown.mayRevoke) return outcomeWords(shown);
  if (silence) return `The server cannot be reached. What you see is ${silence} old, and nothing can be decided.`;
  if (!shown.mayDecide && !shown.mayRevoke) return shown.whyNot ? `You cannot decide: ${safe(shown.whyNot)}` : 'You cannot decide this.';
  return null;
}
