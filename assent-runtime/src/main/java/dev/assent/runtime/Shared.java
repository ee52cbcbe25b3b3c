package dev.assent.runtime;

import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.SharedArgument;
import dev.assent.core.ToolSpec;
import java.util.Optional;

/** Fills in the arguments of a proposed call that come from variables. Stateless. */
final class Shared {
  private Shared() {}

  /**
   * The arguments with those that come from variables, as they are now. One that is not set and has
   * no default is left out: the schema says whether the call can do without it.
   */
  static JsonObject withVariables(JsonObject written, ToolSpec tool, JsonObject variables) {
    JsonObject all = written;
    for (SharedArgument each : tool.shared()) {
      Json value =
          variables
              .find(each.variable())
              .or(() -> Optional.ofNullable(each.otherwise()))
              .orElse(null);
      all = value == null ? all.without(each.name()) : all.with(each.name(), value);
    }
    return all;
  }
}
