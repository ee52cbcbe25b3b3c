package dev.assent.scenarios.coverage;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * The sources of all tests, read by the compiler's own parser, so that no tag can be overlooked.
 */
final class TestSources {
  private static final Set<String> NOT_SOURCES = Set.of("target", "node_modules");
  private static final Path TESTS = Path.of("src", "test", "java");

  /** A comment, a text block, a string or a character: whatever begins first. */
  private static final Pattern TEXT =
      Pattern.compile(
          "//[^\\n]*|/\\*.*?\\*/|\"\"\".*?(?<!\\\\)\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\""
              + "|'(?:\\\\.|[^'\\\\])+'",
          Pattern.DOTALL);

  private static final Pattern IN_COMMENT = Pattern.compile("\\b[ABCDX][1-9]\\d?\\b");
  private static final Pattern IN_STRING = Pattern.compile("\"[ABCDX][1-9]\\d?[:,] ");

  /** A test that stands for a row. */
  record Naming(String id, String test) implements Comparable<Naming> {
    @Override
    public int compareTo(Naming other) {
      int byTest = test.compareTo(other.test);
      return byTest != 0 ? byTest : id.compareTo(other.id);
    }
  }

  /** All namings, sorted, and what is wrong in the sources, in words. */
  record Found(Set<Naming> namings, List<String> problems) {
    Found() {
      this(new TreeSet<>(), new ArrayList<>());
    }
  }

  private TestSources() {}

  /** The tests of all modules below this folder: their paths in it, and their sources. */
  static Map<Path, String> below(Path root) throws IOException {
    Map<Path, String> sources = new TreeMap<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes is) {
            String name = folder.getFileName().toString();
            boolean ours = folder.equals(root) || !name.startsWith(".");
            return ours && !NOT_SOURCES.contains(name)
                ? FileVisitResult.CONTINUE
                : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes is) throws IOException {
            Path inside = root.relativize(file);
            if (file.toString().endsWith(".java") && module(inside) != null) {
              sources.put(inside, Files.readString(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return sources;
  }

  /** What these sources name; an id is one of {@code ids} or a problem. */
  static Found read(Map<Path, String> sources, Set<String> ids) {
    Found found = new Found();
    sources.forEach((path, source) -> lookForStrayIds(path, source, found));
    List<JavaFileObject> files = new ArrayList<>();
    sources.forEach((path, source) -> files.add(new Source(path, source)));
    DiagnosticCollector<JavaFileObject> broken = new DiagnosticCollector<>();
    JavacTask task =
        (JavacTask)
            ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, broken, List.of("-proc:none"), null, files);
    try {
      for (CompilationUnitTree file : task.parse()) {
        // The compiler wraps our file, so its name is all that comes back.
        Path path = Path.of(file.getSourceFile().toUri().getPath().substring(1));
        new TagReader(file, path, module(path), ids, found).scan(file, null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    broken.getDiagnostics().stream()
        .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
        .forEach(each -> found.problems().add("not readable: " + each));
    return found;
  }

  /** A comment that looks as if it named a row names nothing, so it may not look like it. */
  private static void lookForStrayIds(Path path, String source, Found found) {
    Matcher text = TEXT.matcher(source);
    while (text.find()) {
      String token = text.group();
      boolean comment = token.charAt(0) == '/';
      Matcher id = (comment ? IN_COMMENT : IN_STRING).matcher(token);
      if (comment ? id.find() : id.lookingAt()) {
        long line = source.substring(0, text.start() + id.start()).lines().count();
        found
            .problems()
            .add(path + ":" + line + ": " + id.group().trim() + " only in words; name it by @Tag");
      }
    }
  }

  /** The name of the module that a test belongs to, {@code null} for what is no test. */
  private static String module(Path inside) {
    for (int i = 1; i + TESTS.getNameCount() < inside.getNameCount(); i++) {
      if (inside.subpath(i, i + TESTS.getNameCount()).equals(TESTS)) {
        return inside.getName(i - 1).toString().replaceFirst("^assent-", "");
      }
    }
    return null;
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(Path path, String text) {
      super(URI.create("test:///" + path.toString().replace('\\', '/')), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
