package dev.assent.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("X72")
class RedactionTest {
  private static final String AWS = "AKIA" + "QYLPMN5HNM4ABCDE";

  private static String shown(String text) {
    return Redaction.SHAPES.text(text).toString();
  }

  @Nested
  class Texts {
    @Test
    void secretIsNamedByKindAndLengthAndNothingElseIsTouched() {
      assertThat(shown("key " + AWS + ", please"))
          .isEqualTo("key [secret: AWS access key, 20 characters], please");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a",
          "github_" + "pat_11ABCDEFG0abcdefghijkl_1234567890abcdef",
          "glpat-" + "aB3dE6gH9jK2mN5pQ8sT",
          "xoxb-" + "123456789012-1234567890123-abcdefghijklmnopqrstuvwx",
          "AIza" + "SyA1234567890abcdefghijklmnopqrstuv",
          "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc",
          "sk-proj-" + "abcdefghijklmnopqrstuvwxyz0123456789",
          "SG." + "ngeVfQFYQlKU0ufo8x5d1A.TwL2iGABf9DHoTf09kqeF8tAmbihYzrnopKc",
          "npm_" + "abcdefghijklmnopqrstuvwxyz0123456789",
          "hf_" + "abcdefghijklmnopqrstuvwxyzABCDEFGH",
          "hvs." + "CAESIJlWh4zq1aBcDeFgHiJkLmNoPqRs",
          "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLWhlcmU",
          "4111 1111 1111 1111",
          "5555555555554444",
          "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY",
          "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAK\n-----END RSA PRIVATE KEY-----",
        })
    void wellKnownShapesAreFound(String secret) {
      SafeText text = Redaction.SHAPES.text("before " + secret + " after");

      assertThat(text.masked()).doesNotContain(secret).startsWith("before [").endsWith("] after");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "password=hunter2x",
          "PASSWORD: hunter2x",
          "{\"db_password\": \"hunter2x\"",
          "he said \\\"api_key\\\": \\\"hunter2x\\\" once",
          "https://ada:hunter2x@host.example/path",
          "Authorization: Bearer hunter2x",
          "client_secret => 'hunter2x'",
        })
    void whatANameTellsOfIsFound(String text) {
      assertThat(shown(text)).doesNotContain("hunter2x").contains("8 characters]");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "Pay 12,000.00 € to Acme Corp.",
          "550e8400-e29b-41d4-a716-446655440000",
          "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
          "2026-11-21T19:55:03Z 1732219000000 4111111111111112",
          "src/main/java/dev/assent/core/RequirementMachinePropertyTest2.java",
          "the password is on the desk; a bearer of bad news; basic understanding",
          "risk-management-for-long-hyphenated-words-in-a-slug-1",
          "[secret: none of yours",
        })
    void ordinaryTextStays(String text) {
      assertThat(Redaction.SHAPES.text(text).hasSecrets()).isFalse();
    }

    @Test
    void nobodyCanWriteTheMark() {
      assertThat(shown("[secret: AWS access key, 20 characters]"))
          .isEqualTo("<U+005B>secret: AWS access key, 20 characters]");
    }

    @Test
    @Tag("X47")
    void nothingHidesInARedactedSpan() {
      String broken =
          AWS.substring(0, 9) + "\u200B" + AWS.substring(9, 14) + "\u202E" + AWS.substring(14);

      SafeText text = Redaction.SHAPES.text("key " + broken + "!");

      assertThat(text)
          .hasToString(
              "key [secret: AWS access key, 22 characters, 2 of them hidden: <U+200B> <U+202E>]!");
      assertThat(text.hasHidden()).isTrue();
    }

    @Test
    void keyWithoutAnEndHidesTheRest() {
      assertThat(shown("a -----BEGIN PRIVATE KEY-----\nMIIE\nend"))
          .startsWith("a [secret: private key, ");
    }

    @Test
    void textThatIsJsonIsLookedAtByItsMembers() {
      assertThat(shown("{\"pin\":1234,\"note\":\"ok\"}"))
          .isEqualTo("{\"note\":\"ok\",\"pin\":[secret: field named as a secret, 4 characters]}");
    }

    @Test
    @Timeout(20)
    void hostileTextTakesNoTime() {
      for (String piece :
          List.of(
              "-----BEGIN PRIVATE KEY", "password=", "1 ", "eyJa.a.", "://a:", "A1b", "\"", "\\")) {
        assertThat(Redaction.SHAPES.text(piece.repeat(200_000 / piece.length())).length())
            .isPositive();
      }
    }

    @Test
    void excerptNeverCutsIntoASecret() {
      SafeText.Excerpt cut = Redaction.SHAPES.text("key " + AWS + " and more").cut(8);

      assertThat(cut)
          .hasToString("key [secret: AWS access key, 20 characters]… (9 more characters)");
    }
  }

  @Nested
  class Fields {
    private static final Json SCHEMA =
        Json.parse(
            """
            {"type":"object","properties":{
              "user":{"type":"string"},
              "code":{"type":"string","writeOnly":true},
              "list":{"type":"array","items":{"$ref":"#/$defs/entry"}},
              "either":{"anyOf":[{"type":"null"},{"type":"string","format":"password"}]}},
             "$defs":{"entry":{"type":"object","properties":{"n":{"type":"integer","x-secret":true}}}}}
            """);

    @Test
    void fieldsThatTheSchemaMarksAreHiddenAtAnyDepth() {
      SafeText shown =
          Redaction.of(SCHEMA)
              .arguments(
                  "{\"code\":\"blue\",\"either\":\"x\",\"list\":[{\"n\":17}],\"user\":\"ada\"}");

      assertThat(shown)
          .hasToString(
              "{\"code\":\"[secret: field marked secret, 4 characters]\","
                  + "\"either\":\"[secret: field marked secret, 1 character]\","
                  + "\"list\":[{\"n\":[secret: field marked secret, 2 characters]}],"
                  + "\"user\":\"ada\"}");
    }

    @Test
    void hiddenValueIsHiddenWhereverItIsRepeated() {
      Redaction redaction =
          Redaction.of(SCHEMA).knowing("{\"code\":\"blue moon\",\"user\":\"ada\"}");

      assertThat(redaction.ofTexts().text("I use blue moon for ada").toString())
          .isEqualTo("I use [secret: field marked secret, 9 characters] for ada");
    }

    @Test
    void shortHiddenValueCountsOnlyAlone() {
      Redaction redaction = Redaction.of(SCHEMA).knowing("{\"code\":\"12\"}");

      assertThat(redaction.ofTexts().text("12 of 120").toString())
          .isEqualTo("[secret: field marked secret, 2 characters] of 120");
    }

    @Test
    void secretOfOneArgumentDoesNotReachIntoTheNext() {
      String shown =
          Redaction.SHAPES
              .arguments(
                  "{\"a\":\"password=\",\"vendor\":\"Mallory\",\"z\":\"-----BEGIN PRIVATE KEY-----\"}")
              .toString();

      assertThat(shown).contains("\"vendor\":\"Mallory\"");
    }

    @Test
    void namesOfMembersAreLookedAtToo() {
      assertThat(Redaction.SHAPES.arguments("{\"" + AWS + "\":1}").toString()).doesNotContain(AWS);
      assertThat(Redaction.SHAPES.arguments("{\"stripeApiKey\":\"zz-top\"}").toString())
          .doesNotContain("zz-top");
    }

    @Test
    void toolThatNobodyKnowsHidesAllOfItsValues() {
      assertThat(Redaction.ofUnknownTool().arguments("{\"to\":\"ada\",\"n\":7}").toString())
          .doesNotContain("ada")
          .doesNotContain("7,")
          .contains("\"to\":");
    }

    @Test
    void maskedIsJsonInWhichATextStandsForASecret() {
      String masked = Redaction.of(SCHEMA).masked("{\"code\":\"blue\",\"user\":\"a\\u0007\"}");

      assertThat(Json.parse(masked))
          .isEqualTo(
              Json.parse(
                  "{\"code\":\"[secret: field marked secret, 4 characters]\",\"user\":\"a\\u0007\"}"));
      assertThat(Redaction.holdsMask(Json.parse(masked), Json.parse("{\"code\":\"blue\"}")))
          .isTrue();
      assertThat(Redaction.holdsMask(Json.parse(masked), Json.parse(masked))).isFalse();
    }

    @Test
    void noneShowsAll() {
      assertThat(Redaction.NONE.arguments("{\"password\":\"hunter2x\"}").toString())
          .isEqualTo("{\"password\":\"hunter2x\"}");
    }
  }

  @Nested
  class Pieces {
    private static String told(String text, Redaction redaction, Random random) {
      RedactedStream stream = new RedactedStream();
      StringBuilder told = new StringBuilder();
      for (int at = 0; at < text.length(); ) {
        int end = Math.min(text.length(), at + 1 + random.nextInt(7));
        told.append(stream.add(text.substring(at, end), redaction).masked());
        at = end;
      }
      return told.append(stream.add(" and so on ", redaction).masked()).toString();
    }

    @Test
    void secretThatComesInPiecesIsNeverTold() {
      Redaction known =
          Redaction.of(Json.parse("{\"writeOnly\":true}")).knowing("\"correct horse battery\"");
      List<String> secrets =
          List.of(
              AWS,
              "4111 1111 1111 1111",
              "-----BEGIN PRIVATE KEY-----\nMIIE ow\n-----END PRIVATE KEY-----",
              "correct horse battery");
      long seed = 7;
      for (int round = 0; round < 300; round++) {
        for (String secret : secrets) {
          String told =
              told("Well, I use " + secret + " for it", known.ofTexts(), new Random(seed + round));

          assertThat(told)
              .as("seed %s", seed + round)
              .doesNotContain(secret.substring(secret.length() / 2))
              .doesNotContain(secret.substring(0, secret.length() / 2))
              .startsWith("Well, I use ")
              .contains("[secret: ")
              .endsWith(" for it and so on ");
        }
      }
    }

    @Test
    void ordinaryWordsAreToldAtOnce() {
      assertThat(new RedactedStream().add("Hello", Redaction.SHAPES).masked()).isEqualTo("Hello");
    }
  }
}
