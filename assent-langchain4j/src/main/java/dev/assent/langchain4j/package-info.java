/** Lets a run talk to the models that LangChain4j reaches. */
@NullMarked
package dev.assent.langchain4j;

import org.jspecify.annotations.NullMarked;
