package dev.assent.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.AuditVerification.Broken;
import dev.assent.core.AuditVerification.Intact;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class AuditTest {

  @Test
  void bytesOfARecordAreItsCanonicalJson() {
    AuditRecord plain = AuditRecord.of("main", java.time.Instant.ofEpochMilli(1), "run");
    AuditRecord full =
        plain
            .withRun("r1", "r0", 7)
            .withRequirement("q\u20ac\"\\\n\u0001")
            .withCall("c1")
            .withPrincipal("ada")
            .with("b", "2")
            .with("a", "\ud83d\ude00\u007f");

    for (AuditRecord each : java.util.List.of(plain, full)) {
      assertThat(new String(each.bytes(), java.nio.charset.StandardCharsets.UTF_8))
          .isEqualTo(CanonicalJson.text(RecordJson.toJson(each)));
      assertThat(AuditRecord.read(each.bytes())).isEqualTo(each);
    }
  }

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00.123456789Z");
  private static final int RECORDS = 1_000;

  @Nested
  class Records {

    private final AuditRecord record =
        AuditRecord.of("main", NOON, "requirement.resolved")
            .withRun("run-1", "run-0", 7)
            .withRequirement("req-1")
            .withCall("call-1")
            .withPrincipal("person-1")
            .with("version", "2")
            .with("digest", "7f3a");

    @Test
    void areCanonicalJson() {
      assertThat(record)
          .hasToString(
              "{\"at\":\"2026-01-31T12:00:00.123456789Z\",\"call\":\"call-1\","
                  + "\"details\":{\"digest\":\"7f3a\",\"version\":\"2\"},\"principal\":\"person-1\","
                  + "\"requirement\":\"req-1\",\"root\":\"run-0\",\"run\":\"run-1\",\"schema\":1,\"seq\":7,"
                  + "\"tenant\":\"main\",\"type\":\"requirement.resolved\"}");
      assertThat(AuditRecord.of("main", NOON, "policy.changed"))
          .hasToString(
              "{\"at\":\"2026-01-31T12:00:00.123456789Z\",\"schema\":1,\"seq\":0,\"tenant\":\"main\","
                  + "\"type\":\"policy.changed\"}");
    }

    @Test
    @Tag("X57")
    @DisplayName("a record read back has the bytes that were hashed")
    void haveTheSameBytesWhenReadAgain() {
      AuditRecord read = AuditRecord.read(record.bytes());

      assertThat(read).isEqualTo(record);
      assertThat(read.bytes()).isEqualTo(record.bytes());
      assertThat(AuditRecord.hash(read.bytes())).isEqualTo(AuditRecord.hash(record.bytes()));
    }

    @Test
    void refuseWhatIsNotARecord() {
      assertThatThrownBy(() -> AuditRecord.of(" ", NOON, "x")).hasMessageContaining("tenant");
      assertThatThrownBy(() -> AuditRecord.of("main", NOON, "")).hasMessageContaining("type");
      assertThatThrownBy(() -> record.withRun("run-1", "run-0", 0))
          .hasMessageContaining("counts from 1");
      assertThatThrownBy(() -> record.with("arguments", "x".repeat(513)))
          .hasMessageContaining("id or digest");
      assertThatThrownBy(
              () ->
                  AuditRecord.read(
                      bytes(record.toString().replace("\"schema\":1", "\"schema\":2"))))
          .isInstanceOf(MalformedJsonException.class)
          .hasMessageContaining("schema 1, not 2");
    }
  }

  @Nested
  @DisplayName("Verification finds")
  class Verifying {

    private final List<SealedAuditRecord> log = log(RECORDS);

    @Test
    void nothingInAnIntactLog() {
      assertThat(AuditVerification.verify("main", log))
          .isEqualTo(new Intact(RECORDS, log.getLast().chain()));
      assertThat(AuditVerification.verify("main", List.of()))
          .isEqualTo(new Intact(0, AuditChain.start("main").head()));
    }

    @Test
    void everyBitFlipOfTheBytes() {
      AuditChain before = AuditChain.start("main");
      for (SealedAuditRecord good : log) {
        List<SealedAuditRecord> rest =
            new ArrayList<>(log.subList((int) good.position() - 1, RECORDS));
        for (int bit = 0; bit < good.recordBytes().length * 8; bit++) {
          byte[] flipped = good.recordBytes().clone();
          flipped[bit / 8] ^= (byte) (1 << bit % 8);
          rest.set(0, new SealedAuditRecord(good.position(), flipped, good.hash(), good.chain()));

          assertThat(AuditVerification.verify(before, List.of(), rest))
              .isEqualTo(
                  new Broken(
                      good.position(),
                      "The bytes of record "
                          + good.position()
                          + " do not have its hash: one of the two was changed."));
        }
        before = before.after(good);
      }
    }

    @Test
    void aChangedRecordWithItsHash() {
      for (int i = 0; i < RECORDS; i++) {
        byte[] changed =
            bytes(new String(log.get(i).recordBytes(), StandardCharsets.UTF_8).replace("ok", "no"));
        SealedAuditRecord forged =
            new SealedAuditRecord(i + 1, changed, AuditRecord.hash(changed), log.get(i).chain());
        assertBroken(replaced(i, forged), i + 1).contains("does not continue the chain");
      }
    }

    @Test
    void aChangedHashOrChain() {
      Digest other = Digest.sha256(new byte[0]);
      for (int i = 0; i < RECORDS; i++) {
        SealedAuditRecord good = log.get(i);
        assertBroken(
            replaced(i, new SealedAuditRecord(i + 1, good.recordBytes(), other, good.chain())),
            i + 1);
        assertBroken(
            replaced(i, new SealedAuditRecord(i + 1, good.recordBytes(), good.hash(), other)),
            i + 1);
      }
    }

    @Test
    void everyDeletion() {
      for (int i = 0; i < RECORDS - 1; i++) {
        List<SealedAuditRecord> shorter = new ArrayList<>(log);
        shorter.remove(i);

        assertBroken(shorter, i + 1).contains("is missing");
        assertBroken(renumbered(shorter), i + 1).contains("does not continue the chain");
      }
    }

    @Test
    void theDeletionOfTheLastRecordsByACheckpoint() {
      AuditChain checkpoint = AuditChain.start("main").after(log.getLast());
      for (int length = 0; length < RECORDS; length++) {
        AuditVerification result =
            AuditVerification.verify(
                AuditChain.start("main"), List.of(checkpoint), log.subList(0, length));

        assertThat(result).isInstanceOf(Broken.class);
        assertThat(((Broken) result).firstBadPosition()).isEqualTo(length + 1);
        assertThat(((Broken) result).problem())
            .contains("ends at " + length)
            .contains("made at " + RECORDS);
      }
    }

    @Test
    void everySwap() {
      for (int i = 0; i < RECORDS - 1; i++) {
        for (int j : new int[] {i + 1, RECORDS - 1}) {
          if (i < j) {
            List<SealedAuditRecord> swapped = new ArrayList<>(log);
            swapped.set(i, log.get(j));
            swapped.set(j, log.get(i));

            assertBroken(swapped, i + 1);
            assertBroken(renumbered(swapped), i + 1);
          }
        }
      }
    }

    @Test
    void everyDuplication() {
      for (int i = 0; i < RECORDS; i++) {
        List<SealedAuditRecord> longer = new ArrayList<>(log);
        longer.add(i + 1, log.get(i));

        assertBroken(longer, i + 2).contains("repeated or moved");
        assertBroken(renumbered(longer), i + 2).contains("does not continue the chain");
      }
    }

    @Test
    void everyInsertion() {
      byte[] put = AuditRecord.of("main", NOON, "forged").bytes();
      for (int i = 0; i < RECORDS; i++) {
        List<SealedAuditRecord> longer = new ArrayList<>(log);
        AuditChain before =
            i == 0 ? AuditChain.start("main") : AuditChain.start("main").after(log.get(i - 1));
        longer.add(i, before.seal(put));

        assertBroken(longer, i + 2);
        assertBroken(renumbered(longer), i + 2).contains("does not continue the chain");
      }
    }

    @Test
    void aLogWrittenAnewByACheckpoint() {
      AuditChain checkpoint = AuditChain.start("main").after(log.get(99));
      List<byte[]> records =
          new ArrayList<>(log.stream().map(SealedAuditRecord::recordBytes).toList());
      records.set(
          50, bytes(new String(records.get(50), StandardCharsets.UTF_8).replace("ok", "no")));
      List<SealedAuditRecord> anew = sealed("main", records);

      assertThat(AuditVerification.verify("main", anew)).isInstanceOf(Intact.class);
      assertThat(AuditVerification.verify(AuditChain.start("main"), List.of(checkpoint), anew))
          .isInstanceOfSatisfying(
              Broken.class,
              broken -> {
                assertThat(broken.firstBadPosition()).isEqualTo(100);
                assertThat(broken.problem()).contains("checkpoint");
              });
      assertThat(AuditVerification.verify(AuditChain.start("main"), List.of(checkpoint), log))
          .isInstanceOf(Intact.class);
    }

    @Test
    void aHoleInTheCounterOfARunThoughTheChainIsWhole() {
      for (int i = 0; i < RECORDS; i++) {
        List<byte[]> records =
            new ArrayList<>(log.stream().map(SealedAuditRecord::recordBytes).toList());
        AuditRecord gone = AuditRecord.read(records.remove(i));
        if (gone.run() != null && i < RECORDS - 21) {
          AuditVerification result = AuditVerification.verify("main", sealed("main", records));

          assertThat(result).isInstanceOf(Broken.class);
          assertThat(((Broken) result).problem())
              .contains("from " + (gone.seq() - 1) + " to " + (gone.seq() + 1))
              .contains(gone.run());
        }
      }
    }

    @Test
    void anotherTenantsLog() {
      assertThat(AuditVerification.verify("other", log)).isInstanceOf(Broken.class);
      assertThat(
              AuditVerification.verify(
                  "other", sealed("other", List.of(log.getFirst().recordBytes()))))
          .isEqualTo(new Broken(1, "Record 1 is of the tenant main."));
      assertThatThrownBy(
              () ->
                  AuditVerification.verify(
                      AuditChain.start("main"), List.of(AuditChain.start("other")), log))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void recordsThatCannotBeRead() {
      assertThat(
              AuditVerification.verify("main", sealed("main", List.of(bytes("{\"a\":1,\"a\":2}")))))
          .isInstanceOfSatisfying(
              Broken.class, broken -> assertThat(broken.problem()).contains("cannot be read"));
    }

    @Test
    void nothingFromATrustedEndOn() {
      for (int i = 0; i < RECORDS; i++) {
        AuditChain end = AuditChain.start("main").after(log.get(i));

        assertThat(AuditVerification.verify(end, List.of(end), log.subList(i + 1, RECORDS)))
            .isEqualTo(new Intact(RECORDS - 1 - i, log.getLast().chain()));
      }
      AuditChain wrong = new AuditChain("main", 10, Digest.sha256(new byte[0]));
      assertThat(AuditVerification.verify(wrong, List.of(), log.subList(10, RECORDS)))
          .isInstanceOf(Broken.class);
    }

    @RepeatedTest(5)
    void anyRandomChange() {
      long seed = Testing.seed();
      Random random = new Random(seed);
      AuditChain checkpoint = AuditChain.start("main").after(log.getLast());
      for (int n = 0; n < 200; n++) {
        List<SealedAuditRecord> changed = new ArrayList<>(log);
        int i = random.nextInt(RECORDS);
        int j = random.nextInt(RECORDS);
        switch (random.nextInt(3)) {
          case 0 -> changed.remove(i);
          case 1 -> changed.add(j, changed.remove(i));
          default -> changed.add(i, log.get(j));
        }
        if (random.nextBoolean()) {
          changed = renumbered(changed);
        }

        AuditVerification result =
            AuditVerification.verify(AuditChain.start("main"), List.of(checkpoint), changed);

        assertThat(result)
            .as("seed %d, change %d", seed, n)
            .isInstanceOf(sameBytes(changed) ? Intact.class : Broken.class);
      }
    }

    private boolean sameBytes(List<SealedAuditRecord> changed) {
      return changed.size() == RECORDS
          && IntStream.range(0, RECORDS)
              .allMatch(i -> changed.get(i).recordBytes() == log.get(i).recordBytes());
    }

    private List<SealedAuditRecord> replaced(int index, SealedAuditRecord other) {
      List<SealedAuditRecord> changed = new ArrayList<>(log);
      changed.set(index, other);
      return changed;
    }

    /**
     * Up to the first bad one it is the same each time, and verified from there; every fiftieth is
     * verified whole.
     */
    private static org.assertj.core.api.AbstractStringAssert<?> assertBroken(
        List<SealedAuditRecord> log, long firstBad) {
      int good = (int) firstBad - 1;
      if (good % 50 == 0) {
        problemAt(firstBad, AuditVerification.verify("main", log));
      }
      AuditChain before = AuditChain.start("main");
      return assertThat(
          problemAt(
              firstBad,
              AuditVerification.verify(
                  good == 0 ? before : before.after(log.get(good - 1)),
                  List.of(),
                  log.subList(good, log.size()))));
    }

    private static String problemAt(long firstBad, AuditVerification result) {
      assertThat(result).isInstanceOf(Broken.class);
      assertThat(((Broken) result).firstBadPosition()).isEqualTo(firstBad);
      return ((Broken) result).problem();
    }
  }

  @Test
  void theChainIsTheDocumentedOne() {
    byte[] record = bytes("{}");
    Digest genesis = Digest.over("assent-chain-genesis-1", bytes("main"));
    Digest hash = Digest.over("assent-audit-1", record);

    SealedAuditRecord sealed = AuditChain.start("main").seal(record);

    assertThat(sealed.position()).isEqualTo(1);
    assertThat(sealed.hash()).isEqualTo(hash);
    assertThat(sealed.chain())
        .isEqualTo(
            Digest.over(
                "assent-chain-1",
                genesis.bytes(),
                hash.bytes(),
                new byte[] {0, 0, 0, 0, 0, 0, 0, 1}));
    assertThat(AuditChain.start("other").head()).isNotEqualTo(genesis);
  }

  @Test
  void tenThousandRecordsAreVerifiedInAMoment() {
    long start = System.nanoTime();
    List<SealedAuditRecord> log = log(10_000);
    long made = System.nanoTime();
    AuditVerification result = AuditVerification.verify("main", log);
    long verified = System.nanoTime();

    System.out.printf(
        "Audit, 10,000 records: make and seal %d ns, verify %d ns each%n",
        (made - start) / 10_000, (verified - made) / 10_000);
    assertThat(result).isInstanceOf(Intact.class);
  }

  /** Records of seven runs in turn, every tenth of none. */
  private static List<SealedAuditRecord> log(int size) {
    Map<String, Long> counters = new HashMap<>();
    List<byte[]> records = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      AuditRecord record =
          AuditRecord.of("main", NOON.plusMillis(i), "call.finished")
              .with("result", "ok")
              .with("n", "" + i);
      String run = "run-" + i % 7;
      records.add(
          (i % 10 == 9 ? record : record.withRun(run, run, counters.merge(run, 1L, Long::sum)))
              .bytes());
    }
    return sealed("main", records);
  }

  private static List<SealedAuditRecord> sealed(String tenant, List<byte[]> records) {
    List<SealedAuditRecord> sealed = new ArrayList<>();
    AuditChain chain = AuditChain.start(tenant);
    for (byte[] record : records) {
      SealedAuditRecord next = chain.seal(record);
      sealed.add(next);
      chain = chain.after(next);
    }
    return sealed;
  }

  private static List<SealedAuditRecord> renumbered(List<SealedAuditRecord> records) {
    return IntStream.range(0, records.size())
        .mapToObj(
            i ->
                new SealedAuditRecord(
                    i + 1,
                    records.get(i).recordBytes(),
                    records.get(i).hash(),
                    records.get(i).chain()))
        .toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
