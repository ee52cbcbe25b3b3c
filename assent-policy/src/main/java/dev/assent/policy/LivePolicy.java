package dev.assent.policy;

import dev.assent.core.PolicyOutcome;
import dev.assent.core.spi.Directory;
import dev.assent.core.spi.Policy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules of a file that may change while the process runs. Thread-safe.
 *
 * <p>All rules of a new file come into force at once. A file that cannot be used is refused when
 * opened; later it leaves the old rules in force, and the log says so. Nothing is read while a call
 * is judged: somebody has to {@link #look}.
 */
public final class LivePolicy implements Policy {
  private static final Logger LOG = LoggerFactory.getLogger(LivePolicy.class);

  private final Path file;
  private final Directory directory;
  private volatile RulePolicy current;
  private volatile List<Problem> problems = List.of();
  private byte[] known;
  private byte @Nullable [] seen;

  private LivePolicy(Path file, Directory directory, byte[] text) {
    this.file = file;
    this.directory = directory;
    this.known = text;
    this.current = compiled(text);
  }

  /**
   * Reads a file; its conditions know roles from this directory.
   *
   * @throws PolicyException when it cannot be used
   */
  public static LivePolicy open(Path file, Directory directory) {
    try {
      return new LivePolicy(file, directory, Files.readAllBytes(file));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static PolicyException unreadable(Path file, IOException e) {
    return new PolicyException(
        List.of(
            new Problem(
                String.valueOf(file.getFileName()),
                1,
                null,
                "the file cannot be read: " + e.getClass().getSimpleName() + " " + file)));
  }

  private RulePolicy compiled(byte[] text) {
    Problems found = new Problems(String.valueOf(file.getFileName()));
    String decoded = YamlFile.decoded(text, found);
    return RulePolicy.parse(found.file(), decoded).with(directory);
  }

  /** The rules that are in force. */
  public RulePolicy current() {
    return current;
  }

  /** Why the file as it is now is not in force; empty when it is. */
  public List<Problem> problems() {
    return problems;
  }

  @Override
  public PolicyOutcome judge(Question question) {
    return current.judge(question);
  }

  /**
   * Looks at the file again. A changed file counts once two looks have found the same in it, so
   * that one that is being written is not taken for a shorter one.
   */
  public synchronized Reload look() {
    byte[] text;
    try {
      text = Files.readAllBytes(file);
    } catch (IOException e) {
      text = ("\0" + e.getClass().getSimpleName()).getBytes(StandardCharsets.UTF_8);
      if (settled(text)) {
        return refused(unreadable(file, e).problems());
      }
      return new Reload.Unchanged();
    }
    return settled(text) ? replaced(text) : new Reload.Unchanged();
  }

  /** True for a content that is new, and was there at the last look too. */
  private boolean settled(byte[] text) {
    boolean twice = Arrays.equals(text, seen);
    seen = text;
    if (!twice || Arrays.equals(text, known)) {
      return false;
    }
    known = text;
    return true;
  }

  private Reload replaced(byte[] text) {
    RulePolicy before = current;
    try {
      RulePolicy now = compiled(text);
      if (now.digest().equals(before.digest())) {
        problems = List.of();
        return new Reload.Unchanged();
      }
      Optional<Problem> reused = reused(before, now);
      if (reused.isPresent()) {
        return refused(List.of(reused.get()));
      }
      current = now;
      problems = List.of();
      LOG.warn(
          "The policy {} v{} is in force in place of {} v{}",
          now.name(),
          now.version(),
          before.name(),
          before.version());
      return new Reload.Replaced(before, now);
    } catch (PolicyException e) {
      return refused(e.problems());
    }
  }

  /** Two texts of one version would make cards and audit lines ambiguous. */
  private Optional<Problem> reused(RulePolicy before, RulePolicy now) {
    return now.name().equals(before.name()) && now.version() == before.version()
        ? Optional.of(
            new Problem(
                String.valueOf(file.getFileName()),
                1,
                null,
                "the rules changed but the version is still "
                    + now.version()
                    + "; raise 'version' so that cards and audit say which rules asked"))
        : Optional.empty();
  }

  private Reload refused(List<Problem> found) {
    problems = List.copyOf(found);
    LOG.error(
        "THE CHANGED POLICY FILE IS REFUSED; {} v{} stays in force:\n{}",
        current.name(),
        current.version(),
        String.join("\n", found.stream().map(Problem::toString).toList()));
    return new Reload.Refused(current, found);
  }
}
