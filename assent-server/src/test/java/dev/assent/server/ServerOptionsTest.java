package dev.assent.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ServerOptionsTest {
  private final ServerOptions options = ServerOptions.in(Path.of("data"));

  @Test
  void aPortThatDoesNotExistIsRefusedBeforeAnythingStarts() {
    assertThat(options.onPort(0).onPort(65_535).port()).isEqualTo(65_535);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.onPort(65_536))
        .withMessage("a port goes from 0 to 65535, not 65536");
    assertThatIllegalArgumentException().isThrownBy(() -> options.onPort(-1));
  }
}
