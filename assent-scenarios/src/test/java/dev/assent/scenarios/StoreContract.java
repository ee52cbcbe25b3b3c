package dev.assent.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.AuditRecord;
import dev.assent.core.Digest;
import dev.assent.core.RunId;
import dev.assent.core.ToolCallId;
import dev.assent.core.spi.Committed;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.StoreException;
import dev.assent.core.spi.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every store does, whatever it is made of. */
abstract class StoreContract extends StoreKeepingContract {
  private static final int THREADS = 8;
  private static final int TRANSACTIONS = 200;

  @Nested
  class Concurrency {

    @Test
    void randomTransactionsDoWhatANaiveModelDoes() throws Exception {
      long seed = Long.getLong("assent.seed", ThreadLocalRandom.current().nextLong());
      System.out.println("StoreContract: -Dassent.seed=" + seed);
      List<StoreModel> models =
          IntStream.range(0, THREADS).mapToObj(i -> new StoreModel(i, seed + i)).toList();

      together(
          models.stream()
              .<Callable<Void>>map(
                  model ->
                      () -> {
                        for (int i = 0; i < TRANSACTIONS; i++) {
                          model.step(store);
                        }
                        return null;
                      })
              .toList());

      models.forEach(model -> model.compare(store));
      assertThat(intactAudit()).isEqualTo(models.stream().mapToLong(StoreModel::audited).sum());
    }

    @Test
    void oneOfManyGetsALease() throws Exception {
      done(newRun(first("r1")));

      List<Committed> outcomes =
          together(
              IntStream.range(0, THREADS)
                  .<Callable<Committed>>mapToObj(
                      i ->
                          () ->
                              store.commit(
                                  TENANT,
                                  List.of(
                                      new Write.TakeLease(
                                          new RunId("r1"),
                                          1,
                                          0,
                                          new Write.Lease("worker-" + i, LATER),
                                          T0),
                                      audit("r1"))))
                  .toList());

      assertThat(outcomes).containsOnlyOnce(new Committed.Done());
      assertThat(intactAudit()).isEqualTo(1);
    }

    @Test
    void oneOfManyReservesAnEffect() throws Exception {
      Digest key = Digest.sha256(new byte[] {9});

      List<Committed> outcomes =
          together(
              IntStream.range(0, THREADS)
                  .<Callable<Committed>>mapToObj(
                      i ->
                          () ->
                              store.commit(
                                  TENANT,
                                  List.of(
                                      new Write.ReserveEffect(
                                          key, new RunId("r" + i), new ToolCallId("c1"), 1, T0))))
                  .toList());

      assertThat(outcomes).containsOnlyOnce(new Committed.Done());
    }

    @Test
    void auditOfOneRunFromManyThreadsIsCountedWithoutHoles() throws Exception {
      done(newRun(first("r1")));

      together(
          IntStream.range(0, THREADS)
              .<Callable<Void>>mapToObj(
                  thread ->
                      () -> {
                        for (int i = 0; i < 50; i++) {
                          Write last =
                              i % 5 == 0
                                  ? new Write.Ring(new RunId("none"), T0)
                                  : new Write.Ring(new RunId("r1"), T0);
                          store.commit(TENANT, List.of(audit("r1"), audit("r1"), last));
                        }
                        return null;
                      })
              .toList());

      assertThat(intactAudit()).isEqualTo(THREADS * 40L * 2);
      assertThat(run("r1").rings()).isEqualTo(THREADS * 40L);
      Map<Long, Integer> counters = new HashMap<>();
      store
          .audit(TENANT, 0, Integer.MAX_VALUE)
          .forEach(
              line -> counters.merge(AuditRecord.read(line.recordBytes()).seq(), 1, Integer::sum));
      assertThat(counters.values()).containsOnly(1);
    }
  }

  @Nested
  class Closing {

    @Test
    void refusesEverythingAfterwards() {
      store.close();
      store.close();

      for (Runnable use :
          List.<Runnable>of(
              () -> store.commit(TENANT, List.of(new Write.Tell("a", "b", "c", T0))),
              () -> store.run(TENANT, new RunId("r1")),
              () -> store.requirements(TENANT, Store.RequirementQuery.pending(1)),
              () -> accounts().account(TENANT, "a"))) {
        Assertions.assertThatThrownBy(use::run)
            .isInstanceOfSatisfying(
                StoreException.class, e -> assertThat(e.code()).isEqualTo("store-closed"));
      }
    }
  }

  private static <T> List<T> together(List<Callable<T>> tasks) throws Exception {
    List<T> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<T> future : threads.invokeAll(tasks)) {
        results.add(future.get());
      }
    }
    return results;
  }
}
