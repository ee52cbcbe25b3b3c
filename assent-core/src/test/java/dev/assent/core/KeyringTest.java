package dev.assent.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class KeyringTest {

  private static final byte[] DATA = bytes("approve 7f3a");
  private static final byte[] CONTEXT = bytes("main/session-1");

  private final Keyring keyring = Keyring.of(master(1));

  @Nested
  class Deriving {

    @Test
    void followsRfc5869Case1() {
      byte[] secret = new byte[22];
      Arrays.fill(secret, (byte) 0x0b);

      byte[] key = Hkdf.extract(hex("000102030405060708090a0b0c"), secret);

      assertThat(key)
          .isEqualTo(hex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"));
      assertThat(Hkdf.expand(key, hex("f0f1f2f3f4f5f6f7f8f9"), 42))
          .isEqualTo(
              hex(
                  "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"));
    }

    @Test
    void followsRfc5869Case3WithoutSaltAndInfo() {
      byte[] secret = new byte[22];
      Arrays.fill(secret, (byte) 0x0b);

      byte[] key = Hkdf.extract(new byte[0], secret);

      assertThat(Hkdf.expand(key, new byte[0], 42))
          .isEqualTo(
              hex(
                  "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"));
    }

    @Test
    void givesTheSameKeysAgain() {
      assertThat(Keyring.of(master(1)).mac("decision-1", DATA))
          .isEqualTo(keyring.mac("decision-1", DATA));
      assertThat(Keyring.of(master(1)).keyId()).isEqualTo(keyring.keyId()).hasSize(16);
    }

    @Test
    void isPinnedSoThatStoredCodesStayValid() {
      assertThat(keyring.keyId()).isEqualTo("11c2f00f1b5385f4");
      assertThat(HexFormat.of().formatHex(keyring.mac("decision-1", DATA)))
          .isEqualTo("f66a11ae3d75e86ad6f4a8da359effa5bde9c88fe7bdb9c15fff6f62ddcb5733");
    }

    @Test
    void refusesAShortMasterKey() {
      assertThatThrownBy(() -> Keyring.of(new byte[16]))
          .hasMessageContaining("32 random bytes, not 16");
    }

    @Test
    void recognisesAWrongMasterKey() {
      Keyring other = Keyring.of(master(2));

      keyring.requireKeyId(keyring.keyId());
      assertThatThrownBy(() -> other.requireKeyId(keyring.keyId()))
          .isInstanceOf(WrongMasterKeyException.class)
          .hasMessageContaining(keyring.keyId())
          .hasMessageContaining(other.keyId())
          .hasMessageContaining("ASSENT_MASTER_KEY");
    }

    @Test
    void showsNoKeys() {
      SessionKey key = keyring.unwrap(keyring.wrap(keyring.newSessionKey(), CONTEXT), CONTEXT);

      assertThat(keyring).hasToString("Keyring " + keyring.keyId());
      assertThat(key).hasToString("SessionKey");
    }
  }

  @Nested
  class Authenticating {

    @Test
    void acceptsItsOwnCodeOnly() {
      byte[] mac = keyring.mac("decision-1", DATA);

      assertThat(keyring.verifyMac("decision-1", DATA, mac)).isTrue();
      assertThat(keyring.verifyMac("decision-2", DATA, mac)).isFalse();
      assertThat(keyring.verifyMac("decision-1", bytes("approve 7f3b"), mac)).isFalse();
      assertThat(Keyring.of(master(2)).verifyMac("decision-1", DATA, mac)).isFalse();
      assertThat(keyring.verifyMac("decision-1", DATA, new byte[0])).isFalse();
      for (int bit = 0; bit < 256; bit++) {
        assertThat(keyring.verifyMac("decision-1", DATA, flipped(mac, bit))).isFalse();
      }
    }

    @Test
    void isSafeOnManyThreads() throws Exception {
      List<Callable<Boolean>> tasks =
          IntStream.range(0, 200)
              .<Callable<Boolean>>mapToObj(
                  i ->
                      () -> {
                        byte[] data = bytes("data " + i);
                        SessionKey key =
                            keyring.unwrap(keyring.wrap(keyring.newSessionKey(), CONTEXT), CONTEXT);
                        return keyring.verifyMac(
                                "d" + i % 3, data, Keyring.of(master(1)).mac("d" + i % 3, data))
                            && Arrays.equals(
                                key.decrypt(key.encrypt(data, CONTEXT), CONTEXT), data);
                      })
              .toList();

      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (Future<Boolean> result : threads.invokeAll(tasks)) {
          assertThat(result.get()).isTrue();
        }
      }
    }
  }

  @Nested
  class Encrypting {

    private final byte[] wrapped = keyring.wrap(keyring.newSessionKey(), CONTEXT);
    private final SessionKey key = keyring.unwrap(wrapped, CONTEXT);

    @Test
    void readsBackWhatItWrote() {
      for (int size : new int[] {0, 1, 15, 16, 17, 100_000}) {
        byte[] plaintext = new byte[size];

        byte[] encrypted = key.encrypt(plaintext, CONTEXT);

        assertThat(encrypted).hasSize(size + 29);
        assertThat(key.decrypt(encrypted, CONTEXT)).isEqualTo(plaintext);
        assertThat(Keyring.of(master(1)).unwrap(wrapped, CONTEXT).decrypt(encrypted, CONTEXT))
            .isEqualTo(plaintext);
      }
    }

    @Test
    void neverWritesTheSameTwice() {
      assertThat(key.encrypt(DATA, CONTEXT)).isNotEqualTo(key.encrypt(DATA, CONTEXT));
      assertThat(keyring.wrap(keyring.newSessionKey(), CONTEXT))
          .isNotEqualTo(keyring.wrap(keyring.newSessionKey(), CONTEXT));
      assertThat(keyring.wrap(key, CONTEXT)).isNotEqualTo(wrapped);
    }

    @Test
    void noticesEveryBitFlipAndEveryCut() {
      byte[] encrypted = key.encrypt(DATA, CONTEXT);

      for (int bit = 0; bit < encrypted.length * 8; bit++) {
        byte[] changed = flipped(encrypted, bit);
        assertThatThrownBy(() -> key.decrypt(changed, CONTEXT))
            .isInstanceOf(TamperedException.class);
      }
      for (int length = 0; length < encrypted.length; length++) {
        byte[] cut = Arrays.copyOf(encrypted, length);
        assertThatThrownBy(() -> key.decrypt(cut, CONTEXT))
            .isInstanceOf(TamperedException.class)
            .hasMessageContaining("restore the store");
      }
    }

    @Test
    void noticesAnotherPlace() {
      byte[] encrypted = key.encrypt(DATA, CONTEXT);
      SessionKey other = keyring.unwrap(keyring.wrap(keyring.newSessionKey(), CONTEXT), CONTEXT);

      assertThatThrownBy(() -> key.decrypt(encrypted, bytes("main/session-2")))
          .isInstanceOf(TamperedException.class);
      assertThatThrownBy(() -> other.decrypt(encrypted, CONTEXT))
          .isInstanceOf(TamperedException.class);
      assertThatThrownBy(() -> keyring.unwrap(wrapped, bytes("main/session-2")))
          .isInstanceOf(TamperedException.class)
          .hasMessageContaining("session key");
    }

    @Test
    void noticesAnotherMasterKey() {
      assertThatThrownBy(() -> Keyring.of(master(2)).unwrap(wrapped, CONTEXT))
          .isInstanceOf(WrongMasterKeyException.class)
          .hasFieldOrPropertyWithValue("needed", keyring.keyId());
    }

    @Test
    void noticesEveryChangeOfAWrappedKey() {
      for (int bit = 0; bit < wrapped.length * 8; bit++) {
        byte[] changed = flipped(wrapped, bit);
        assertThatThrownBy(() -> keyring.unwrap(changed, CONTEXT))
            .isInstanceOfAny(TamperedException.class, WrongMasterKeyException.class);
      }
      for (int length = 0; length < wrapped.length; length++) {
        byte[] cut = Arrays.copyOf(wrapped, length);
        assertThatThrownBy(() -> keyring.unwrap(cut, CONTEXT))
            .isInstanceOf(TamperedException.class);
      }
    }
  }

  @Test
  void codesAndBodiesTakeMicroseconds() {
    SessionKey key = keyring.unwrap(keyring.wrap(keyring.newSessionKey(), CONTEXT), CONTEXT);
    byte[] body = new byte[1_000];
    long[] nanos = new long[4];
    for (int i = 0; i < 40_000; i++) {
      long start = System.nanoTime();
      keyring.mac("decision-1", body);
      long mac = System.nanoTime();
      byte[] encrypted = key.encrypt(body, CONTEXT);
      long encrypt = System.nanoTime();
      key.decrypt(encrypted, CONTEXT);
      long decrypt = System.nanoTime();
      Digest.over("assent-audit-1", body);
      long digest = System.nanoTime();
      if (i >= 20_000) {
        nanos[0] += mac - start;
        nanos[1] += encrypt - mac;
        nanos[2] += decrypt - encrypt;
        nanos[3] += digest - decrypt;
      }
    }

    System.out.printf(
        "Keyring, 1,000 bytes: mac %d ns, encrypt %d ns, decrypt %d ns, digest %d ns%n",
        nanos[0] / 20_000, nanos[1] / 20_000, nanos[2] / 20_000, nanos[3] / 20_000);
    assertThat(Arrays.stream(nanos).max().orElseThrow() / 20_000).isLessThan(1_000_000);
  }

  private static byte[] master(int fill) {
    byte[] master = new byte[32];
    Arrays.fill(master, (byte) fill);
    return master;
  }

  private static byte[] flipped(byte[] bytes, int bit) {
    byte[] changed = bytes.clone();
    changed[bit / 8] ^= (byte) (1 << bit % 8);
    return changed;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
