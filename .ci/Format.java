import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Checks ({@code check}) or rewrites ({@code fix}) every Java file below the current folder with
 * google-java-format. Prints the files that are not as they should be and leaves
 * target/format/unformatted.txt when there are any.
 */
final class Format {

  private static final Path VERDICT = Path.of("target", "format", "unformatted.txt");

  public static void main(String[] args) throws Exception {
    var arguments = new ArrayList<String>();
    if (args[0].equals("fix")) {
      arguments.add("--replace");
    } else {
      arguments.addAll(List.of("--dry-run", "--set-exit-if-changed"));
    }
    List<String> sources = sources();
    arguments.addAll(sources);
    Files.deleteIfExists(VERDICT);
    if (sources.isEmpty()) {
      return;
    }
    var out = new PrintWriter(System.out, true);
    var err = new PrintWriter(System.err, true);
    if (new Main(out, err, System.in).format(arguments.toArray(String[]::new)) != 0) {
      Files.createDirectories(VERDICT.getParent());
      Files.writeString(VERDICT, "mvn -Pformat\n");
    }
  }

  private static List<String> sources() throws IOException {
    var skipped = Set.of("target", "node_modules", ".git", "cdk.out");
    var sources = new ArrayList<String>();
    Files.walkFileTree(
        Path.of(""),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return skipped.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".java")) {
              sources.add(file.toString());
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return sources;
  }
}
