// SPDX-License-Identifier: Apache-2.0
// Loops that become steps of a state machine: where steps begin, and what is kept between them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "frontend/steps.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

namespace sapulse::hlsc {
namespace {

using namespace llvm;

constexpr const char kDeclarations[] = R"(
declare i8 @hls.read.i8(ptr)
declare void @hls.write.i8(ptr, i8)
declare i8 @hls.argument.i8(i32)
)";

class Loops : public testing::Test {
 protected:
  Function& parse(const std::string& kernel) {
    SMDiagnostic diagnostic;
    module_ = parseAssemblyString(kDeclarations + kernel, diagnostic, context_);
    EXPECT_TRUE(module_) << diagnostic.getMessage().str();
    unit_.function = module_->getFunction("k");
    return *unit_.function;
  }

  /// Splits the kernel and checks what holds for every result. Returns the blocks at which steps begin.
  std::vector<std::string> split(const std::string& kernel) {
    Function& f = parse(kernel);
    split_at_loops(unit_);
    EXPECT_FALSE(verifyFunction(f, &errs()));
    EXPECT_TRUE(LoopInfo(DominatorTree(f)).empty());
    EXPECT_TRUE(unit_.has_steps);
    std::vector<std::string> targets;
    auto* choice = cast<SwitchInst>(f.getEntryBlock().getTerminator());
    for (auto& c : choice->cases()) targets.push_back(c.getCaseSuccessor()->getName().str());
    return targets;
  }

  std::vector<std::string> kept() const {
    std::vector<std::string> names;
    for (const GlobalVariable& g : module_->globals()) names.push_back(g.getName().str());
    return names;
  }

  LLVMContext context_;
  std::unique_ptr<Module> module_;
  Unit unit_;
};

TEST_F(Loops, AccessesBeforeAWhileLoopInItAndAfterItAreStepsOfTheirOwn) {
  EXPECT_THAT(split(R"(
define void @k(ptr %in, ptr %out) {
entry:
  %n = call i8 @hls.read.i8(ptr %in)
  br label %head
head:
  %i = phi i8 [ 0, %entry ], [ %next, %body ]
  %more = icmp ult i8 %i, %n
  br i1 %more, label %body, label %done
body:
  %x = call i8 @hls.read.i8(ptr %in)
  call void @hls.write.i8(ptr %out, i8 %x)
  %next = add i8 %i, 1
  br label %head
done:
  call void @hls.write.i8(ptr %out, i8 %n)
  ret void
})"),
              testing::ElementsAre("head"));
  const auto* choice = cast<SwitchInst>(unit_.function->getEntryBlock().getTerminator());
  EXPECT_TRUE(choice->getDefaultDest()->getSingleSuccessor()->getName().starts_with("end_of_step"));
  EXPECT_THAT(kept(), testing::SizeIs(3));  // the step, i and n
}

TEST_F(Loops, TheCodeBehindADoWhileLoopIsAStepIfItHasAccesses) {
  const std::string loop = R"(
define void @k(ptr %in, ptr %out) {
entry:
  br label %body
body:
  %x = call i8 @hls.read.i8(ptr %in)
  %more = icmp ne i8 %x, 0
  br i1 %more, label %body, label %done
done:
)";
  EXPECT_THAT(split(loop + "call void @hls.write.i8(ptr %out, i8 %x)\n ret void }"),
              testing::ElementsAre("body", "done"));
  EXPECT_THAT(split(loop + "ret void }"), testing::ElementsAre("body"));
}

TEST_F(Loops, ALoopBeginsAtOnceIfNothingWasAccessedBefore) {
  split(R"(
define void @k(ptr %in, ptr %out) {
entry:
  br label %body
body:
  %i = phi i8 [ 0, %entry ], [ %next, %body ]
  %x = call i8 @hls.read.i8(ptr %in)
  %next = add i8 %i, 1
  %more = icmp ult i8 %next, %x
  br i1 %more, label %body, label %done
done:
  ret void
})");
  const auto* choice = cast<SwitchInst>(unit_.function->getEntryBlock().getTerminator());
  const BasicBlock* start = choice->getDefaultDest();
  ASSERT_NE(start->getSingleSuccessor(), nullptr);
  EXPECT_EQ(start->getSingleSuccessor()->getName(), "body");
}

TEST_F(Loops, ALoopAroundAnotherOneSharesItsFirstPass) {
  EXPECT_THAT(split(R"(
define void @k(ptr %in, ptr %out) {
entry:
  br label %rows
rows:
  %r = phi i8 [ 0, %entry ], [ %nextr, %latch ]
  br label %columns
columns:
  %c = phi i8 [ 0, %rows ], [ %nextc, %columns ]
  %x = call i8 @hls.read.i8(ptr %in)
  %nextc = add i8 %c, 1
  %morec = icmp ult i8 %nextc, %x
  br i1 %morec, label %columns, label %latch
latch:
  %nextr = add i8 %r, 1
  br label %rows
})"),
              testing::UnorderedElementsAre("rows", "columns"));
}

TEST_F(Loops, LoopsThatAccessAStreamInEachPassAreSequential) {
  const std::string head = R"(
define void @k(ptr %in, ptr %out) {
entry:
  br label %body
body:
  %i = phi i8 [ 0, %entry ], [ %next, %latch ]
  %is_odd = trunc i8 %i to i1
  br i1 %is_odd, label %odd, label %latch
odd:
)";
  const std::string tail = R"(
  %next = add i8 %i, 1
  %more = icmp ult i8 %next, 4
  br i1 %more, label %body, label %done
done:
  ret void
})";
  const std::string write = "call void @hls.write.i8(ptr %out, i8 %i)\n";
  const auto is_first_loop_sequential = [&](const std::string& kernel) {
    const DominatorTree dominators(parse(kernel));
    const LoopInfo loops(dominators);
    return is_sequential(**loops.begin(), dominators);
  };
  EXPECT_TRUE(is_first_loop_sequential(head + "br label %latch\n latch:\n" + write + tail));
  EXPECT_FALSE(is_first_loop_sequential(head + write + "br label %latch\n latch:\n" + tail));
}

TEST_F(Loops, ArgumentsAreNotKept) {
  split(R"(
define void @k(ptr %in, ptr %out) {
entry:
  %a = call i8 @hls.argument.i8(i32 0)
  br label %body
body:
  call void @hls.write.i8(ptr %out, i8 %a)
  br label %body
})");
  EXPECT_THAT(kept(), testing::SizeIs(1));  // the step
}

}  // namespace
}  // namespace sapulse::hlsc
