package dev.assent.langchain4j;

import dev.assent.core.spi.Model.Offered;
import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.List;

/**
 * What an agent offers, in LangChain4j's words. Immutable.
 *
 * @param tools what it was made of
 * @param specifications the same, as LangChain4j has them
 * @param names how the model's names lead back to ours
 */
record OfferedTools(List<Offered> tools, List<ToolSpecification> specifications, WireNames names) {
  /**
   * @throws dev.assent.core.spi.ModelException when LangChain4j cannot carry one of them, or two
   *     have one name
   */
  static OfferedTools of(List<Offered> tools) {
    WireNames names = WireNames.of(tools);
    return new OfferedTools(tools, tools.stream().map(OfferedTools::tool).toList(), names);
  }

  private static ToolSpecification tool(Offered tool) {
    return ToolSpecification.builder()
        .name(WireNames.onWire(tool.name()))
        .description(tool.description())
        .parameters(ToolSchemas.parameters(tool))
        .build();
  }
}
