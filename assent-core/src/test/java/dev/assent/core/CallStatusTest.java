package dev.assent.core;

import static dev.assent.core.CallStatus.ALLOWED;
import static dev.assent.core.CallStatus.APPROVED;
import static dev.assent.core.CallStatus.CANCELLED;
import static dev.assent.core.CallStatus.DENIED;
import static dev.assent.core.CallStatus.EXECUTING;
import static dev.assent.core.CallStatus.EXPIRED;
import static dev.assent.core.CallStatus.FAILED;
import static dev.assent.core.CallStatus.GATED;
import static dev.assent.core.CallStatus.IN_DOUBT;
import static dev.assent.core.CallStatus.PROPOSED;
import static dev.assent.core.CallStatus.REFUSED;
import static dev.assent.core.CallStatus.REJECTED;
import static dev.assent.core.CallStatus.REVOKED;
import static dev.assent.core.CallStatus.SUCCEEDED;
import static dev.assent.core.CallStatus.SUSPENDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of one tool call, every pair of states. */
class CallStatusTest {

  /** As the design has it. */
  private static final Map<CallStatus, Set<CallStatus>> DESIGN =
      new EnumMap<>(
          Map.of(
              PROPOSED, EnumSet.of(ALLOWED, DENIED, GATED, REFUSED),
              GATED, EnumSet.of(APPROVED, REJECTED, EXPIRED, CANCELLED, GATED),
              ALLOWED, EnumSet.of(EXECUTING, GATED, CANCELLED),
              APPROVED, EnumSet.of(EXECUTING, GATED, REVOKED, CANCELLED),
              EXECUTING, EnumSet.of(SUCCEEDED, FAILED, SUSPENDED, IN_DOUBT),
              SUSPENDED, EnumSet.of(EXECUTING, SUCCEEDED, FAILED, EXPIRED, CANCELLED, IN_DOUBT),
              IN_DOUBT, EnumSet.of(SUCCEEDED, FAILED, APPROVED, ALLOWED)));

  /** What ADR 0003 and ADR 0007 add. */
  private static final Map<CallStatus, Set<CallStatus>> ADDED =
      new EnumMap<>(
          Map.of(
              // a run that is cancelled or fails closes what was not judged yet
              PROPOSED, EnumSet.of(CANCELLED),
              // denied at the last moment; READ_ONLY ends without an intent
              ALLOWED, EnumSet.of(DENIED, SUCCEEDED, FAILED, SUSPENDED),
              APPROVED, EnumSet.of(DENIED, EXPIRED, SUCCEEDED, FAILED, SUSPENDED),
              // checked anew when it goes on: stricter rules ask or deny
              SUSPENDED, EnumSet.of(GATED, DENIED),
              // a lost attempt of an idempotent tool is tried again
              EXECUTING, EnumSet.of(EXECUTING)));

  private static boolean allowed(CallStatus from, CallStatus to) {
    return DESIGN.getOrDefault(from, Set.of()).contains(to)
        || ADDED.getOrDefault(from, Set.of()).contains(to);
  }

  static Stream<Arguments> pairs() {
    return Stream.of(CallStatus.values())
        .flatMap(from -> Stream.of(CallStatus.values()).map(to -> Arguments.of(from, to)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void aMoveIsMadeExactlyWhenTheTableHoldsIt(CallStatus from, CallStatus to) {
    ToolCall call = Some.call("c1", from);

    assertThat(from.next().contains(to)).isEqualTo(allowed(from, to));
    if (allowed(from, to)) {
      assertThat(call.to(to).status()).isEqualTo(to);
    } else {
      assertThatThrownBy(() -> call.to(to))
          .isInstanceOf(IllegalTransitionException.class)
          .hasMessageContaining(from + ": it cannot become " + to);
    }
  }

  @ParameterizedTest
  @EnumSource(CallStatus.class)
  void aStateIsSettledExactlyWhenNothingFollows(CallStatus status) {
    assertThat(status.settled())
        .isEqualTo(
            EnumSet.of(SUCCEEDED, FAILED, REFUSED, DENIED, REJECTED, EXPIRED, REVOKED, CANCELLED)
                .contains(status));
  }

  @Test
  void onlyAllowedAndApprovedCallsMayRun() {
    assertThat(CallStatus.values())
        .filteredOn(CallStatus::cleared)
        .containsExactlyInAnyOrder(ALLOWED, APPROVED);
  }

  @Test
  void onlyGatedSuspendedAndDoubtfulCallsWait() {
    assertThat(CallStatus.values())
        .filteredOn(CallStatus::waits)
        .containsExactlyInAnyOrder(GATED, SUSPENDED, IN_DOUBT);
  }
}
