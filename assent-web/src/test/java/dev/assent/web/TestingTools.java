package dev.assent.web;

import dev.assent.core.Effect;
import dev.assent.core.Param;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Risk;
import dev.assent.core.Tool;
import dev.assent.runtime.Previewed;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what was executed. */
final class TestingTools {
  final List<String> executed = new CopyOnWriteArrayList<>();

  @Tool(value = "Pays", effect = Effect.AT_MOST_ONCE)
  @RequiresApproval(role = "finance", summary = "Pay {amount} to {vendor}", message = "Check it")
  String pay(java.math.BigDecimal amount, String vendor) {
    executed.add("pay " + amount + " " + vendor);
    return "paid " + amount;
  }

  @Tool(value = "Wipes", effect = Effect.AT_MOST_ONCE)
  @RequiresApproval(risk = Risk.HIGH)
  String wipe(String disk) {
    executed.add("wipe " + disk);
    return "wiped " + disk;
  }

  @Tool(value = "Logs in somewhere and does something there", effect = Effect.AT_MOST_ONCE)
  @RequiresApproval(risk = Risk.HIGH, summary = "{what} with {code}")
  String enter(String what, @Param(secret = true) String code) {
    executed.add("enter " + what + " " + code);
    return "entered with " + code;
  }

  /** What {@link #post} attaches. */
  volatile byte[] letter = "<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8);

  @Tool(value = "Posts a letter", effect = Effect.AT_MOST_ONCE, preview = "posted")
  @RequiresApproval
  String post(String to) {
    executed.add("post " + to);
    return "posted";
  }

  Previewed posted(String to) {
    return Previewed.of("Posts it to " + to).attach("a \u202E\"letter\".html", "text/html", letter);
  }

  @Tool(value = "Pays a lot", effect = Effect.AT_MOST_ONCE)
  @RequiresApproval(approvals = 2)
  String payTwice(String vendor) {
    executed.add("payTwice " + vendor);
    return "paid " + vendor;
  }

  @Tool(value = "Cannot wait", effect = Effect.AT_MOST_ONCE)
  @RequiresApproval(expiresAfter = "PT1H")
  String hurry(String what) {
    executed.add("hurry " + what);
    return what;
  }

  @Tool(value = "Lends", effect = Effect.AT_MOST_ONCE)
  @RequiresApproval(role = "board", expiresAfter = "PT8H", escalateTo = "finance")
  String lend(String to) {
    executed.add("lend " + to);
    return "lent";
  }

  @Tool(value = "Pays back", effect = Effect.AT_MOST_ONCE)
  @RequiresApproval(
      role = "finance",
      approveReasons = RequiresApproval.REQUIRED,
      rejectReasons = {"fraud", "late"})
  String refund(String order) {
    executed.add("refund " + order);
    return "refunded";
  }

  @Tool(value = "Breaks half way", effect = Effect.AT_MOST_ONCE, effectKey = "crash:{what}")
  @RequiresApproval
  String crash(String what) {
    executed.add("crash " + what);
    throw new IllegalStateException("the line went dead");
  }
}
