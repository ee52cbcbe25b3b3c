package dev.assent.examples.agno;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgnoExamplesTest {
  @TempDir Path folder;

  @Test
  void print() throws Exception {
    java.util.Map<String, Demo.Example> all = new java.util.LinkedHashMap<>();
    all.put("ConfirmLoop", ConfirmLoop::play);
    all.put("RequirementKinds", RequirementKinds::play);
    all.put("ContinueRun", ContinueRun::play);
    all.put("StreamingPause", StreamingPause::play);
    all.put("DynamicInput", DynamicInput::play);
    all.put("AuditOnly", AuditOnly::play);
    all.put("ApprovalQuickstart", ApprovalQuickstart::play);
    all.put("ApprovalTypes", ApprovalTypes::play);
    all.put("UserInputFlag", UserInputFlag::play);
    all.put("ExternalExecutionFlag", ExternalExecutionFlag::play);
    all.put("ApprovalsStore", ApprovalsStore::play);
    all.put("SequentialApprovals", SequentialApprovals::play);
    all.put("ConditionalApproval", ConditionalApproval::play);
    all.put("BatchApproval", BatchApproval::play);
    all.put("AsyncApproval", AsyncApproval::play);
    all.put("RejectionPath", RejectionPath::play);
    for (var each : all.entrySet()) {
      Path mine = java.nio.file.Files.createDirectory(folder.resolve(each.getKey()));
      try {
        Played played = Played.of(each.getValue(), mine);
        System.out.println("### " + each.getKey());
        played.printed().forEach(System.out::println);
        System.out.println("---");
        played.stored().forEach(System.out::println);
      } catch (Throwable e) {
        System.out.println("### FAILED " + each.getKey());
        e.printStackTrace(System.out);
      }
    }
  }
}
