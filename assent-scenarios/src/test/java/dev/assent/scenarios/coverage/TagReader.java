package dev.assent.scenarios.coverage;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.util.TreeScanner;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/** Reads the tags of the tests of one file. */
final class TagReader extends TreeScanner<Void, Void> {
  private static final String TAG = "org.junit.jupiter.api.Tag";
  private static final Set<String> TESTS =
      Set.of("Test", "ParameterizedTest", "RepeatedTest", "TestFactory", "TestTemplate");

  private final Path path;
  private final String module;
  private final Set<String> ids;
  private final TestSources.Found found;
  private final boolean importsTag;
  private final Deque<String> names = new ArrayDeque<>();
  private final Deque<Boolean> disabled = new ArrayDeque<>(List.of(false));

  TagReader(
      CompilationUnitTree file,
      Path path,
      String module,
      Set<String> ids,
      TestSources.Found found) {
    this.path = path;
    this.module = module;
    this.ids = ids;
    this.found = found;
    this.importsTag =
        file.getImports().stream()
            .map(each -> each.getQualifiedIdentifier().toString())
            .anyMatch(name -> name.equals(TAG) || name.equals("org.junit.jupiter.api.*"));
  }

  @Override
  public Void visitClass(ClassTree type, Void nothing) {
    names.addLast(type.getSimpleName().toString());
    disabled.addLast(disabled.getLast() || has(type.getModifiers(), Set.of("Disabled")));
    name(type.getModifiers(), holdsTests(type));
    super.visitClass(type, nothing);
    disabled.removeLast();
    names.removeLast();
    return null;
  }

  @Override
  public Void visitMethod(MethodTree method, Void nothing) {
    names.addLast(method.getName().toString());
    disabled.addLast(disabled.getLast() || has(method.getModifiers(), Set.of("Disabled")));
    name(method.getModifiers(), has(method.getModifiers(), TESTS));
    super.visitMethod(method, nothing);
    disabled.removeLast();
    names.removeLast();
    return null;
  }

  private void name(ModifiersTree modifiers, boolean test) {
    String name = String.join(".", names);
    for (String id : tags(modifiers)) {
      if (!ids.contains(id)) {
        problem("@Tag(\"" + id + "\") is no row of rows.txt");
      } else if (!test) {
        problem("@Tag(\"" + id + "\") is on no test");
      } else if (disabled.getLast()) {
        problem("@Tag(\"" + id + "\") is on a test that is disabled");
      } else {
        found.namings().add(new TestSources.Naming(id, module + "/" + name));
      }
    }
  }

  private List<String> tags(ModifiersTree modifiers) {
    List<String> tags = new ArrayList<>();
    for (AnnotationTree annotation : modifiers.getAnnotations()) {
      String type = annotation.getAnnotationType().toString();
      if (type.equals("Tags") || type.equals(TAG + "s")) {
        problem("write each @Tag by itself, not in @Tags");
      } else if (type.equals(TAG) || (type.equals("Tag") && importsTag)) {
        ExpressionTree value = annotation.getArguments().getFirst();
        value = value instanceof AssignmentTree named ? named.getExpression() : value;
        if (value instanceof LiteralTree literal && literal.getValue() instanceof String text) {
          tags.add(text);
        } else {
          problem("@Tag(" + value + ") is not a plain text");
        }
      } else if (type.equals("Tag")) {
        // The core has a Tag of its own, for stored formats.
        List<? extends ExpressionTree> of = annotation.getArguments();
        if (of.toString().matches(".*\"[ABCDX]\\d+\".*")) {
          problem("@Tag(" + of + ") is not JUnit's");
        }
      }
    }
    return tags;
  }

  private void problem(String what) {
    found.problems().add(path + ": " + String.join(".", names) + ": " + what);
  }

  private static boolean holdsTests(ClassTree type) {
    return type.getMembers().stream()
        .anyMatch(
            member ->
                (member instanceof MethodTree method && has(method.getModifiers(), TESTS))
                    || (member instanceof ClassTree nested
                        && has(nested.getModifiers(), Set.of("Nested"))
                        && holdsTests(nested)));
  }

  private static boolean has(ModifiersTree modifiers, Set<String> annotations) {
    return modifiers.getAnnotations().stream()
        .map(each -> each.getAnnotationType().toString().replaceFirst(".*\\.", ""))
        .anyMatch(annotations::contains);
  }
}
