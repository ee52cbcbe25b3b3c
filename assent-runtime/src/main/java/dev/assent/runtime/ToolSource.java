package dev.assent.runtime;

import java.util.List;

/**
 * Tools that may change while the process runs, such as those of a server. Must be thread-safe.
 *
 * <p>An agent asks anew for every call that is judged and again just before the effect: a tool that
 * is another one by then has another fingerprint, so people are asked again.
 */
public interface ToolSource {
  /**
   * What the names of its tools begin with, before the {@code /}; one source of an agent only has
   * it.
   */
  String name();

  /**
   * Its tools as they are known now. Asked often, so without input or output. A tool whose name
   * does not begin with {@link #name()} and {@code /} is not reached.
   */
  List<ToolBinding> tools();
}
