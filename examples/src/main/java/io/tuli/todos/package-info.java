/**
 * The example of feathers-distributed: a gateway, two replicas of a service of todos, and a page
 * with the real Feathers client that shows which of them answers. Level 17.
 *
 * <p>Read first: {@link io.tuli.todos.TodosExample}, {@code TodoList}, {@code index.html}.
 */
@NullMarked
package io.tuli.todos;

import org.jspecify.annotations.NullMarked;
