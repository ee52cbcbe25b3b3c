package dev.assent.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {

  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void matchesTheVectorOfTheStandard() {
    assertThat(Digest.sha256(bytes("abc"))).hasToString(ABC);
    assertThat(Digest.sha256(bytes("abc")).shortForm()).isEqualTo("ba78-16bf");
  }

  @Test
  void readsWhatItWrites() {
    Digest digest = Digest.sha256(bytes("abc"));

    assertThat(Digest.parse(ABC)).isEqualTo(digest).hasSameHashCodeAs(digest);
    assertThat(Digest.ofBytes(digest.bytes())).isEqualTo(digest);
    assertThat(Digest.sha256(bytes("abd"))).isNotEqualTo(digest);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "ba78", "zz7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"})
  void refusesOtherText(String text) {
    assertThatThrownBy(() -> Digest.parse(text)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Digest.parse(ABC.toUpperCase(java.util.Locale.ROOT)))
        .hasMessageContaining("64 digits");
    assertThatThrownBy(() -> Digest.ofBytes(new byte[31])).hasMessageContaining("31");
  }

  @Test
  void cannotBeChangedThroughItsBytes() {
    Digest digest = Digest.parse(ABC);

    digest.bytes()[0] = 0;

    assertThat(digest.hex()).isEqualTo(ABC);
  }

  @Test
  void framesPartsSoThatNoTwoListsAgree() {
    Set<Digest> all = new HashSet<>();
    List<Digest> digests =
        List.of(
            Digest.over("d"),
            Digest.over("d", bytes("")),
            Digest.over("d", bytes(""), bytes("")),
            Digest.over("d", bytes("ab")),
            Digest.over("d", bytes("a"), bytes("b")),
            Digest.over("d", bytes("b"), bytes("a")),
            Digest.over("da", bytes("b")),
            Digest.over("dab"),
            Digest.sha256(bytes("dab")));

    all.addAll(digests);

    assertThat(all).hasSameSizeAs(digests);
    assertThatThrownBy(() -> Digest.over("", bytes("a")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void framingIsTheDocumentedOne() {
    byte[] framed = {0, 0, 0, 0, 0, 0, 0, 1, 'd', 0, 0, 0, 0, 0, 0, 0, 2, 'a', 'b'};

    assertThat(Digest.over("d", bytes("ab"))).isEqualTo(Digest.sha256(framed));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
