package dev.assent.store.jdbc;

import dev.assent.core.SafeText;
import dev.assent.core.spi.StoreException;

/** Says that somebody else wrote to the database, and what to do then. Stateless. */
final class Tampered {
  private Tampered() {}

  static StoreException run(String code, String run, String why) {
    return new StoreException(
        code,
        "Run "
            + SafeText.of(run)
            + " is not continued: "
            + SafeText.of(why)
            + ". Nothing of it is executed; other runs go on. Find out who writes to the database,"
            + " verify the audit log, and put this run's row back from a backup, or leave it.",
        null);
  }

  static StoreException grant(String code, String grant) {
    String why =
        switch (code) {
          case "grant-erased" -> "what it says was erased with its session";
          case "grant-rolled-back" -> "its row is not the one that the audit log told of last";
          default -> "its row was changed outside of Assent";
        };
    return new StoreException(
        code,
        "Grant "
            + SafeText.of(grant)
            + " is not used: "
            + why
            + ". What it would let run is asked about. Unless it was erased, find out who writes to"
            + " the database and verify the audit log.",
        null);
  }

  static StoreException mandate(String code, String mandate) {
    String why =
        code.equals("mandate-rolled-back")
            ? "its row is not the one that the audit log told of last"
            : "its row was changed outside of Assent";
    return new StoreException(
        code,
        "Mandate "
            + SafeText.of(mandate)
            + " is not used: "
            + why
            + ". Nobody decides by it. Find out who writes to the database and verify the audit"
            + " log.",
        null);
  }

  static StoreException requirement(String code, String requirement, String run, String why) {
    return new StoreException(
        code,
        "Requirement "
            + SafeText.of(requirement)
            + " of run "
            + SafeText.of(run)
            + " is not used: "
            + SafeText.of(why)
            + ". Nothing of this run is executed; other runs go on. Find out who writes to the"
            + " database, verify the audit log, and put the requirement's row back from a backup.",
        null);
  }
}
