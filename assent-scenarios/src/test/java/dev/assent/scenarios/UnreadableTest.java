package dev.assent.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.testkit.ScriptedModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A record that cannot be read is named in every list, and hides none of the others. */
@Tag("X68")
@Timeout(60)
class UnreadableTest {
  private static final byte[] GARBAGE = "{\"no\":1".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;
  private InboxServer server;
  private ApiSession session;
  private String broken;
  private String brokenRun;
  private String good;

  @BeforeEach
  void start() {
    server = new InboxServer(folder);
    session = server.firstSession();
    brokenRun = waiting("1");
    broken = requirement(brokenRun);
    good = requirement(waiting("2"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String waiting(String invoice) {
    server.model.calls(
        ScriptedModel.call(
            "c" + invoice,
            "payInvoice",
            "{\"invoice\":\"" + invoice + "\",\"amount\":1,\"vendor\":\"Acme\",\"memo\":\"\"}"));
    return session.run("pay " + invoice);
  }

  private String requirement(String run) {
    for (int i = 0; i < 1_000; i++) {
      for (JsonNode item : session.get("/requirements?status=PENDING&run=" + run).get("items")) {
        return item.get("id").asString();
      }
      LockSupport.parkNanos(5_000_000); // The next look; nothing depends on how long it takes.
    }
    throw new AssertionError("run " + run + " asks nothing");
  }

  private void tamper(String sql, Object... parameters) throws Exception {
    try (TamperedFile file = TamperedFile.withoutKey(folder.resolve("assent.db"))) {
      file.update(sql, parameters);
    }
    // That somebody else wrote is found out with the next commit: that she has seen this one.
    session.get("/requirements/" + good);
  }

  private void oneIsMissing(String path) {
    JsonNode list = session.get(path);
    assertThat(list.get("items").toString()).contains(good).doesNotContain(broken);
    assertThat(list.get("unreadable").size()).isEqualTo(1);
    assertThat(list.get("unreadable").get(0).get("id").asString()).isEqualTo(broken);
    assertThat(list.get("unreadable").get(0).get("why").asString()).isNotEmpty();
  }

  @Test
  void requirementWhoseRecordIsGarbageIsNamed() throws Exception {
    tamper("UPDATE assent_requirement SET record = ? WHERE id = ?", GARBAGE, broken);

    oneIsMissing("/requirements?status=PENDING");
    oneIsMissing("/requirements?status=PENDING&limit=1&q=acme");
  }

  @Test
  void requirementWhoseStatusNobodyKnowsIsNamed() throws Exception {
    tamper("UPDATE assent_requirement SET kind = 'NEWER' WHERE id = ?", broken);

    oneIsMissing("/requirements");
  }

  @Test
  void requirementWhoseArgumentsWereChangedIsNamed() throws Exception {
    tamper(
        "UPDATE assent_body SET encrypted = zeroblob(60) WHERE session ="
            + " (SELECT session FROM assent_run WHERE id = ?) AND id = (SELECT"
            + " json_extract(CAST(record AS TEXT), '$.arguments.id') FROM assent_requirement"
            + " WHERE id = ?)",
        brokenRun,
        broken);

    oneIsMissing("/requirements?status=PENDING");
  }

  @Test
  void pagesGoOnBehindWhatCannotBeRead() throws Exception {
    tamper("UPDATE assent_requirement SET record = ? WHERE id = ?", GARBAGE, broken);

    JsonNode first = session.get("/requirements?status=PENDING&limit=1");
    assertThat(first.get("unreadable").toString()).contains(broken);
    JsonNode second =
        session.get("/requirements?status=PENDING&limit=1&after=" + first.get("next").asString());
    assertThat(second.get("items").toString()).contains(good);
  }

  @Test
  void runThatSomebodyElseWroteIsNamed() throws Exception {
    tamper("UPDATE assent_run SET snapshot = ? WHERE id = ?", GARBAGE, brokenRun);

    JsonNode list = session.get("/runs");

    assertThat(list.get("items").size()).isEqualTo(1);
    assertThat(list.get("unreadable").get(0).get("id").asString()).isEqualTo(brokenRun);
    assertThat(session.get("/requirements?status=PENDING").get("items").toString()).contains(good);
  }

  @Test
  void reportAndLogSayWhatTheyLeaveOut() throws Exception {
    for (String id : new String[] {broken, good}) {
      session.reject(id, "no");
    }
    tamper("UPDATE assent_requirement SET record = ? WHERE id = ?", GARBAGE, broken);

    JsonNode report = session.get("/approvals/report");
    assertThat(report.get("total").get("rejected").asInt()).isEqualTo(1);
    assertThat(report.get("unreadable").get(0).get("id").asString()).isEqualTo(broken);
    assertThat(session.text("/decisions"))
        .contains(good)
        .contains("\"requirement\":\"" + broken + "\"")
        .contains("\"unreadable\"");
    assertThat(session.text("/decisions?format=csv")).contains("UNREADABLE").contains(broken);
    assertThat(session.text("/approvals/report?format=csv")).contains("UNREADABLE");
  }
}
