package dev.assent.runtime;

import dev.assent.core.BodyRef;
import dev.assent.core.Form;
import dev.assent.core.RecordJson;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import java.util.Optional;

/** Reads what questions ask for. Thread-safe. */
final class Forms {
  private final Engine engine;

  Forms(Engine engine) {
    this.engine = engine;
  }

  /** The form of a question; empty for any other requirement, or when it was erased. */
  Optional<Form> of(RequirementId id) {
    return engine.store().requirement(engine.tenant(), id).flatMap(this::of);
  }

  /** The form of a question; empty for any other requirement, or when it was erased. */
  Optional<Form> of(Requirement requirement) {
    BodyRef content = requirement.content();
    return requirement.kind() != RequirementKind.USER_INPUT || content == null
        ? Optional.empty()
        : engine
            .store()
            .body(engine.tenant(), content.id())
            .filter(body -> body.ref().equals(content))
            .map(body -> RecordJson.read(Form.class, body.content()));
  }
}
