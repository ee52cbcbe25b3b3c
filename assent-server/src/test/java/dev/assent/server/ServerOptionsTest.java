package dev.assent.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
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

  @Test
  void browsersGetANameOfItsOwnWhereTheyCanReachIt() {
    assertThat(options.browserHost()).contains("assent.localhost");
    assertThat(at("::1").browserHost()).contains("assent.localhost");

    assertThat(at("127.0.0.2").browserHost()).isEmpty();
    assertThat(options.behind(URI.create("https://assent.example")).browserHost()).isEmpty();
  }

  private ServerOptions at(String address) {
    return new ServerOptions(options.data(), address, 0, null, options.firstRoles());
  }
}
