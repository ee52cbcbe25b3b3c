package dev.assent.examples.classic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("D1")
@DisplayName("the example of the three modes")
class HumanInputModesTest {

  @Test
  void playsAllThreeByItself() {
    StringBuilder out = new StringBuilder();

    HumanInputModes.play(out);

    assertThat(out.toString())
        .contains("== ALWAYS, played by the demo model (scripted, no provider) ==")
        .contains(
            "Replying as human. Provide feedback to ai_assistant. Press enter to skip and use"
                + " auto-reply, or type 'exit' to end the conversation: How far is it?\n")
        .contains("TERMINATING RUN (ALWAYS): Termination message condition on agent 'human' met\n")
        .contains(
            "Please give feedback to ai_assistant. Press enter or type 'exit' to stop the"
                + " conversation: Not yet!\n")
        .contains(
            "TERMINATING RUN (TERMINATE): Termination message condition on agent 'human' met and"
                + " no human input provided\n")
        .contains("TERMINATING RUN (NEVER): Termination message condition on agent 'human' met\n");
    assertThat(out.substring(out.indexOf("== NEVER"))).doesNotContain("feedback");
  }
}
