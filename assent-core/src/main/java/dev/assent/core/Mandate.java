package dev.assent.core;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * That one person may decide with the authority of another, or one with the role for it without
 * any, for a time. Immutable.
 *
 * <p>It is not passed on: what the giver may only decide by a mandate of their own is not in it. It
 * never works backwards, and what was decided by it counts no more once it was taken back.
 *
 * @param id its name
 * @param kind what it is
 * @param giver the account whose authority it is
 * @param holder the account that may use it; of break-glass the giver
 * @param tools names of tools, {@code *} stands for any characters; empty means all
 * @param highest of this risk at most
 * @param requirement only for this one; absent means for all
 * @param begins from when on
 * @param ends until when, not including
 * @param reason in words; absent when none was given
 * @param givenBy the account that set it up: the giver, or an administrator
 * @param givenAt when
 * @param revision counts its changes, from 1: the compare-and-set value
 * @param revokedBy the account that took it back; absent while nobody did
 * @param revokedAt when it was taken back
 */
public record Mandate(
    MandateId id,
    Kind kind,
    String giver,
    String holder,
    List<String> tools,
    Risk highest,
    @Nullable RequirementId requirement,
    Instant begins,
    Instant ends,
    @Nullable String reason,
    String givenBy,
    Instant givenAt,
    long revision,
    @Nullable String revokedBy,
    @Nullable Instant revokedAt) {

  /** What a mandate is. */
  public enum Kind {
    /** The giver has somebody decide for them. */
    DELEGATION,
    /** The giver is away. */
    OUT_OF_OFFICE,
    /** Somebody with the role for it decides alone, in an emergency. */
    BREAK_GLASS
  }

  /** Where a mandate stands. */
  public enum Status {
    TO_COME,
    LIVE,
    EXPIRED,
    REVOKED
  }

  /**
   * @throws IllegalArgumentException when it has no time, begins before it was given, is of
   *     somebody for themselves, or is a break-glass for somebody else or without scope or reason
   */
  public Mandate {
    tools = List.copyOf(tools);
    if (!begins.isBefore(ends) || begins.isBefore(givenAt)) {
      throw new IllegalArgumentException(
          "a mandate begins when it is given or later, and ends after that; this one goes from "
              + begins
              + " to "
              + ends);
    }
    if (kind == Kind.BREAK_GLASS) {
      if (!giver.equals(holder) || !givenBy.equals(holder)) {
        throw new IllegalArgumentException("break-glass is opened for oneself");
      }
      if (reason == null || reason.isBlank()) {
        throw new IllegalArgumentException("break-glass needs a reason");
      }
      if (tools.stream().anyMatch(Mandate::meansEveryTool)) {
        throw new IllegalArgumentException(
            "break-glass is for tools that are named; * alone is every tool");
      }
      if (requirement == null && tools.isEmpty()) {
        throw new IllegalArgumentException(
            "break-glass is for one requirement or for tools that are named");
      }
    } else if (giver.equals(holder)) {
      throw new IllegalArgumentException("nobody needs a mandate of their own");
    }
  }

  /** True of a pattern that names no tool at all, as {@code *} does. */
  public static boolean meansEveryTool(String pattern) {
    return pattern.chars().allMatch(each -> each == '*');
  }

  /** Where it stands at this time. */
  public Status status(Instant at) {
    if (revokedAt != null) {
      return Status.REVOKED;
    }
    if (at.isBefore(begins)) {
      return Status.TO_COME;
    }
    return at.isBefore(ends) ? Status.LIVE : Status.EXPIRED;
  }

  /** True when what is decided at this time for this requirement counts by it. */
  public boolean covers(Requirement about, Instant at) {
    return status(at) == Status.LIVE && reaches(about);
  }

  /** True when it was in force for this requirement at this time, taken back since or not. */
  public boolean coveredThen(Requirement about, Instant at) {
    return !at.isBefore(begins)
        && at.isBefore(ends)
        && (revokedAt == null || at.isBefore(revokedAt))
        && reaches(about);
  }

  /** True when the requirement is one that it is for, whatever the time. */
  public boolean reaches(Requirement about) {
    return about.terms().risk().compareTo(highest) <= 0
        && (requirement == null || requirement.equals(about.id()))
        && (tools.isEmpty() || tools.stream().anyMatch(tool -> fits(tool, about.tool())));
  }

  /** What comes before, between and after the stars stands in this order. */
  private static boolean fits(String pattern, String tool) {
    String[] pieces = pattern.split("\\*", -1);
    if (pieces.length == 1) {
      return pattern.equals(tool);
    }
    String last = pieces[pieces.length - 1];
    if (!tool.startsWith(pieces[0])) {
      return false;
    }
    int at = pieces[0].length();
    for (int i = 1; i < pieces.length - 1; i++) {
      int found = tool.indexOf(pieces[i], at);
      if (found < 0) {
        return false;
      }
      at = found + pieces[i].length();
    }
    return tool.length() - last.length() >= at && tool.endsWith(last);
  }

  /** Taken back. */
  public Mandate revoked(String by, Instant at) {
    return new Mandate(
        id,
        kind,
        giver,
        holder,
        tools,
        highest,
        requirement,
        begins,
        ends,
        reason,
        givenBy,
        givenAt,
        revision + 1,
        by,
        at);
  }
}
